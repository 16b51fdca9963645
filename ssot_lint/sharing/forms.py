"""What is shared in one file, in whatever form."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ssot_lint.project import Module, Project
from ssot_lint.sharing.classes import of_classes
from ssot_lint.sharing.file import File, Shared
from ssot_lint.sharing.functions import of_functions
from ssot_lint.sharing.modules import of_module
from ssot_lint.sharing.values import Values

FORMS = ("instance", "global", "container", "singleton", "cache", "class-attribute")
"""Those that count more stand before those that count less."""


def shared(
    project: Project, module: Module, values: Values, forms: Collection[str]
) -> Iterator[Shared]:
    """Each name of a file that is shared, once, with the first of the forms that it has."""
    file = File(project, module, values)
    seen: set[str] = set()
    candidates = (*of_module(file), *of_classes(file), *of_functions(file))
    for each in sorted(candidates, key=lambda each: FORMS.index(each.form)):
        if each.form in forms and each.name not in seen:
            seen.add(each.name)
            yield each
