"""What figures were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from typing import Any

from benchmarks import tools


def machine(names: Iterable[str]) -> dict[str, Any]:
    """The machine, and the versions of the programs of these names that are installed."""
    return {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": {name: tools.version(name) for name in names if tools.program(name)},
    }
