"""Forwarding modules: what keeps an old path working, and says so, until it is removed.

A shim that re-exports ``from new import *`` warns once per process, and ``mock.patch("old.X")``
replaces a name that nobody reads. One whose class is a kind of module (see "Customizing module
attribute access" in Python's data model) is asked for every name every time: it warns at every
use, and what is set or deleted there is set or deleted in the home.
"""

from __future__ import annotations

import ast
import datetime
from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

from ssot_lint.errors import UsageError
from ssot_lint.facts import Context, FileFacts, Import, ShimMark, read_facts
from ssot_lint.facts.source import decode
from ssot_lint.patterns import ancestors, covers
from ssot_lint.project import Found, Project

_HEAD = '''\
{mark}
"""Moved to {home}: forwards all that is asked of it, and warns."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from {home} import *  # noqa: F401, F403
'''
_HIDDEN = "    from {home} import {name} as {name}  # noqa: F401\n"
_BODY = """\
else:
    import sys
    import types
    import warnings

    _HOME = "{home}"
    # What Python itself asks of every module, and sets.
    _OWN = {{
        *dir(types.ModuleType),
        *dir(types.ModuleType("")),
        "__builtins__",
        "__cached__",
        "__file__",
        "__path__",
    }}

    class _Shim(types.ModuleType):
        @staticmethod
        def home():
            __import__(_HOME)
            return sys.modules[_HOME]

        def __getattribute__(self, name):
            if name in _OWN:
                return super().__getattribute__(name)
            home = _Shim.home()
            special = name.startswith("__") and name.endswith("__")
            if name == "__all__":
                public = [n for n in vars(home) if not n.startswith("_")]
                return getattr(home, name, public)
            try:
                value = getattr(home, name)
            except AttributeError:
                own, below = f"{{__name__}}.{{name}}", f"{{_HOME}}.{{name}}"
                # A submodule that is imported and not there was taken away.
                if special or below in sys.modules:
                    raise
                if own in sys.modules:
                    return sys.modules[own]
                from importlib.util import find_spec

                if not hasattr(home, "__path__") or find_spec(below) is None:
                    raise
                __import__(below)
                value = sys.modules[below]
            if not special:
                message = f"{{__name__}}.{{name}} moved to {{_HOME}}.{{name}}"
                warnings.warn(message, DeprecationWarning, stacklevel=2)
            return value

        def __setattr__(self, name, value):
            if name in _OWN:
                super().__setattr__(name, value)
            # What is imported from below the old path is bound here by Python.
            elif sys.modules.get(f"{{__name__}}.{{name}}", self) is not value:
                setattr(_Shim.home(), name, value)

        def __delattr__(self, name):
            if name in _OWN:
                super().__delattr__(name)
            else:
                delattr(_Shim.home(), name)

        def __dir__(self):
            return dir(_Shim.home())

    sys.modules[__name__].__class__ = _Shim

    import {home}  # noqa: F401
"""
_NOT_FORWARDED = frozenset(
    {*dir(ModuleType), *dir(ModuleType("")), "__builtins__", "__cached__", "__file__", "__path__"}
    | {"__all__", "__getattr__"}
)
"""What a module may bind for itself alone; the first line is `_OWN` of the shim."""


class Shim(NamedTuple):
    """What a generated shim says.

    `home` is the module that it forwards to, `remove_after` the last day on which it may exist, as
    ``2027-03-01``. `hidden` are the names of the home that no star import brings: type checkers
    and editors are told of them one by one.
    """

    home: str
    remove_after: str
    hidden: tuple[str, ...]

    @property
    def text(self) -> str:
        """The source of the module, in the layout of ``ruff format`` and ``black``."""
        mark = ShimMark(self.home, self.remove_after)
        hidden = "".join(_HIDDEN.format(home=self.home, name=name) for name in self.hidden)
        head = _HEAD.format(mark=mark, home=self.home)
        return head + hidden + _BODY.format(home=self.home)


def parse(source: bytes) -> Shim | None:
    """What a generated shim says; None for any other file, and for one that does something else.

    What does not change its syntax tree may have been edited: its date, its layout, comments.
    """
    mark = read_facts(source).shim
    if mark is None:
        return None
    tree = ast.parse(decode(source).text)
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    aliases = (alias for node in imports for alias in node.names)
    hidden = tuple(alias.name for alias in aliases if alias.name == alias.asname)
    found = Shim(*mark, hidden)
    return found if ast.dump(ast.parse(found.text)) == ast.dump(tree) else None


def new_shim(project: Project, old: str, new: str, remove_after: datetime.date) -> Shim:
    """The shim at the module path `old` that forwards to the module `new`.

    Raises UsageError if there can be none: `new` is no module that can be read, is a shim itself,
    or needs names of `old` while it is being imported.
    """
    if old == new:
        raise UsageError(f"'{old}' cannot forward to itself")
    found = project.find(new)
    if found is None:
        raise UsageError(_no_module(project, new))
    facts = project.facts_at(found.path) if found.path else FileFacts()
    if facts.trouble is not None:
        line, why = facts.trouble.line, facts.trouble.message
        raise UsageError(f"{found.path}:{line}: what {new} holds cannot be told: {why}")
    if facts.shim is not None:
        raise UsageError(f"'{new}' is a shim itself: forward to {facts.shim.home}")
    need = _need(project, found, old)
    if need is not None:
        path, line = need
        raise UsageError(
            f"{path}:{line}: imports from {old}, and runs while {new} is being imported: "
            f"let it import from {new} first"
        )
    return Shim(new, remove_after.isoformat(), tuple(_hidden(project, new, facts)))


def _no_module(project: Project, path: str) -> str:
    if project.is_compiled(path):
        return f"'{path}' is compiled: what it holds cannot be told"
    if project.resolve(path).exists:
        return f"'{path}' is no module: a shim forwards to the module that holds it"
    return f"there is no module '{path}' below the roots"


def _hidden(project: Project, module: str, facts: FileFacts) -> Iterator[str]:
    """The names that a module gives to those who ask for them, and not to a star import.

    Not those that it imports: a type checker takes them for details of the module.
    """
    groups = (facts.definitions, facts.aliases, facts.assignments)
    names = {fact.name for group in groups for fact in group if fact.scope == 0}
    for name in sorted(names - _NOT_FORWARDED):
        if not project.star_binds(module, name):
            yield name


def _need(project: Project, home: Found, old: str) -> tuple[str, int] | None:
    """The file and line of an import that takes a name from `old` before `home` has that name.

    Only imports that run whenever their module does are followed. What binds no name of `old`
    (``import old``) may stand in a circle.
    """
    if home.path is None:
        return None
    above = frozenset(ancestors(home.name))  # they run before, or have begun to
    seen = {home.path}
    for first in _running(project.facts_at(home.path)):
        bound = _bound_before(project.facts_at(home.path), first.line)
        todo = [(home.path, first)]
        while todo:
            path, fact = todo.pop()
            target = project.absolute(path, fact.level, fact.module)
            if target is None:
                continue
            if covers(old, target) and fact.name is not None and fact.name not in bound:
                return path, fact.line
            whole = target if fact.name in (None, "*") else f"{target}.{fact.name}"
            for module in set(ancestors(whole)) - above:
                found = project.find(module)
                if found is not None and found.path is not None and found.path not in seen:
                    seen.add(found.path)
                    todo += ((found.path, each) for each in _running(project.facts_at(found.path)))
    return None


def _running(facts: FileFacts) -> Iterator[Import]:
    return (f for f in facts.imports if f.scope == 0 and f.context == Context.NONE)


def _bound_before(facts: FileFacts, line: int) -> frozenset[str]:
    groups = (facts.definitions, facts.aliases, facts.imports)
    return frozenset(
        name
        for group in groups
        for fact in group
        if fact.scope == 0 and fact.line < line
        if (name := fact.bound if isinstance(fact, Import) else fact.name) is not None
    )
