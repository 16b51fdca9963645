"""Which files are rewritten in which batch and order, and the file that says so."""

from ssot_lint.migration.planning.batches import Options, make_plan, planned_file
from ssot_lint.migration.planning.formats import FORMATS, render
from ssot_lint.migration.planning.model import (
    WAVES,
    Apart,
    Batch,
    Cycle,
    Plan,
    PlannedFile,
    Risk,
    short_hash,
)
from ssot_lint.migration.planning.owners import Owners
from ssot_lint.migration.planning.reading import load, read, write
from ssot_lint.migration.planning.site import plan_batches
from ssot_lint.migration.planning.writing import DEFAULT_PLAN, dump

__all__ = [
    "DEFAULT_PLAN",
    "FORMATS",
    "WAVES",
    "Apart",
    "Batch",
    "Cycle",
    "Options",
    "Owners",
    "Plan",
    "PlannedFile",
    "Risk",
    "dump",
    "load",
    "make_plan",
    "plan_batches",
    "planned_file",
    "read",
    "render",
    "short_hash",
    "write",
]
