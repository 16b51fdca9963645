"""State that all users of a process share: where a file keeps it, and in which form."""

from ssot_lint.sharing.forms import FORMS, shared
from ssot_lint.sharing.values import Values

__all__ = ["FORMS", "Values", "shared"]
