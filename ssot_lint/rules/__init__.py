"""The kinds of rules: one per file, listed here."""

from ssot_lint.rule import Rule
from ssot_lint.rules.contract import Contract
from ssot_lint.rules.divergent_name import DivergentName
from ssot_lint.rules.duplicate_definition import DuplicateDefinition
from ssot_lint.rules.duplicate_literal import DuplicateLiteral
from ssot_lint.rules.forbidden_module import ForbiddenModule
from ssot_lint.rules.import_path import ImportPath
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference
from ssot_lint.rules.lookalike_class import LookalikeClass
from ssot_lint.rules.required_base import RequiredBase
from ssot_lint.rules.required_members import RequiredMembers
from ssot_lint.rules.restricted_call import RestrictedCall
from ssot_lint.rules.restricted_import import RestrictedImport
from ssot_lint.rules.shared_state import SharedState
from ssot_lint.rules.shim import Shim
from ssot_lint.rules.unresolved_import import UnresolvedImport

KINDS: tuple[type[Rule], ...] = (
    ForbiddenModule,
    LegacyImport,
    LegacyReference,
    ImportPath,
    RestrictedImport,
    UnresolvedImport,
    DuplicateDefinition,
    DivergentName,
    DuplicateLiteral,
    LookalikeClass,
    Shim,
    Contract,
    RequiredMembers,
    SharedState,
    RestrictedCall,
    RequiredBase,
)
