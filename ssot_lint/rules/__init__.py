"""The kinds of rules: one per file, listed here."""

from ssot_lint.rule import Rule
from ssot_lint.rules.divergent_name import DivergentName
from ssot_lint.rules.duplicate_definition import DuplicateDefinition
from ssot_lint.rules.forbidden_module import ForbiddenModule
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference

KINDS: tuple[type[Rule], ...] = (
    ForbiddenModule,
    LegacyImport,
    LegacyReference,
    DuplicateDefinition,
    DivergentName,
)
