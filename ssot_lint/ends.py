"""Where the imports and dotted paths of a project end, as far as its modules can tell."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable
from functools import cached_property

from ssot_lint.facts import Context, Import
from ssot_lint.patterns import Pattern, ancestors
from ssot_lint.project import DeadEnd, Module, Project

_BUILTINS = frozenset(dir(builtins))


class Ends:
    """Answers for one check; `whole` names top packages that have no parts elsewhere.

    Every question is about a path whose first component is found below the roots: see `is_inside`.
    """

    def __init__(self, project: Project, whole: Iterable[Pattern]) -> None:
        self._project = project
        self._find = project.find
        self._whole = tuple(whole)

    def is_inside(self, path: str) -> bool:
        """Whether the first component of `path` is found below the roots.

        A folder without an __init__.py does not stand in the way of the standard library.
        """
        top = path.partition(".")[0]
        found = self._find(top)
        return found is not None and (found.path is not None or top not in sys.stdlib_module_names)

    def imported(self, module: Module, fact: Import, base: str) -> DeadEnd | None:
        """Why an import of a module, or of a name from it, may fail."""
        typed = module.file.is_stub or bool(fact.context & Context.TYPE_CHECKING)
        return self.name(base, fact.name or "", typed=typed, ours=fact.level > 0)

    def name(
        self, module: str, name: str, *, typed: bool = False, ours: bool = False
    ) -> DeadEnd | None:
        """As `module`, for ``from module import name``; "" is no name.

        With `typed`, a name of the stub beside the module will do.
        """
        if self._project.definer(module, name):
            return None
        end = self.module(module, ours=ours)
        if end is not None or name in ("", "*") or self._find(module) is None:
            return end
        return self._lack(module, name, typed=typed, ours=ours)

    def _is_module(self, path: str) -> bool:
        return self._find(path) is not None or self._project.is_compiled(path)

    def module(self, path: str, *, ours: bool = False) -> DeadEnd | None:
        """Why ``import path`` may fail; `ours`: no part of it can come from elsewhere."""
        if self._is_module(path):
            return None
        above = next(each for each in ancestors(path) if self._find(each) is not None)
        found = self._find(above)
        missing = ".".join(path.split(".")[: above.count(".") + 2])
        if self._project.is_compiled(missing):
            return None
        computed = found and found.path and self._project.names.computes(found.path)
        if computed or not (ours or self._is_ours(above)):
            return DeadEnd("undecidable", missing)
        return DeadEnd("missing module", missing)

    def _lack(
        self, module: str, name: str, *, typed: bool = False, ours: bool = False
    ) -> DeadEnd | None:
        end = self._project.names.lack(module, name, typed)
        if end is not None and end.why == "missing name" and not (ours or self._is_ours(module)):
            return DeadEnd("undecidable", end.where)
        return end

    def path(self, path: str) -> DeadEnd | None:
        """Where the trail of a dotted path ends, as far as modules can tell."""
        module = next(each for each in ancestors(path) if self._find(each) is not None)
        attributes = path[len(module) + 1 :].split(".") if path != module else []
        while attributes:
            name, *attributes = attributes
            end = self._lack(module, name)
            if end is not None:
                # ``patch`` makes the name of a builtin in any module.
                return None if name in _BUILTINS and not attributes else end
            ends = self._project.resolve(f"{module}.{name}")
            modules = [origin.module for origin in ends.origins if not origin.name]
            if len(modules) != 1 or len(ends.origins) > 1 or ends.dead_ends or not modules[0]:
                return None
            (module,) = modules
        return None

    def stands_beside(self, module: Module, *paths: str) -> bool:
        """Whether one of `paths` is a module where Python would look if the file were a script.

        Or if pytest put a folder of tests first on the path.
        """
        folder = module.path.rpartition("/")[0]
        while folder:
            for path in paths:
                stem = f"{folder}/{path.replace('.', '/')}"
                if f"{stem}.py" in self._paths or f"{stem}/__init__.py" in self._paths:
                    return True
            folder = folder.rpartition("/")[0]
        return False

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(file.path for file in self._project.files)

    def _is_ours(self, package: str) -> bool:
        """Whether all of a package lies below the roots.

        A namespace package (PEP 420) may have parts elsewhere if the package around it may; at the
        top it may anyhow, unless it holds tests and nothing else, or the rule says otherwise.
        """
        for path in ancestors(package):
            found = self._find(path)
            if found is not None and found.path is not None:
                return path == package or not self._project.names.computes(found.path)
        top = package.partition(".")[0]
        return any(p.matches(top) for p in self._whole) or top in self._tests

    @cached_property
    def _tests(self) -> frozenset[str]:
        """The first components of modules that are all tests."""
        kinds: dict[str, bool] = {}
        for file in self._project.files:
            top = (file.module or file.package or "").partition(".")[0]
            kinds[top] = kinds.get(top, True) and self._project.is_test(file.path)
        return frozenset(top for top, tests in kinds.items() if tests)
