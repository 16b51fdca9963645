import sys

from ssot_lint.cli import main

if __name__ == "__main__":  # and not a process that `main` starts
    sys.exit(main())
