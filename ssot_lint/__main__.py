import sys

from ssot_lint.cli import main

sys.exit(main())
