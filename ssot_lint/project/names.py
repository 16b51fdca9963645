"""Which names a module can give to those who import them, whatever the names lead to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

from ssot_lint.facts import FileFacts, Import
from ssot_lint.project.closure import Closure
from ssot_lint.project.modules import Found
from ssot_lint.project.resolution import DeadEnd, Source
from ssot_lint.project.resolver import Resolver

_ALWAYS = frozenset(
    {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__file__", "__cached__"}
    | {"__path__", "__dict__", "__builtins__", "__annotations__", "__class__"}
)
"""What Python itself binds in a module, and what every module object has."""


class _Source(Source, Protocol):
    def is_compiled(self, module: str) -> bool: ...
    def stub_of(self, module: str) -> str | None: ...


class _Question(NamedTuple):
    """Whether a module, or with `starred` a star import of it, brings a name."""

    module: str
    name: str
    starred: bool
    typed: bool


_Lack = DeadEnd | Literal[True] | None
"""What is found in one module: why nobody knows, or that the name is there, or nothing."""


def _least(one: _Lack, other: _Lack) -> _Lack:
    if one is True or other is True:
        return True
    return min(one, other) if one and other else one or other


class Names:
    """Answers about the names of modules; remembers answers, which changes nothing but speed."""

    def __init__(self, resolver: Resolver, source: _Source) -> None:
        self._resolver = resolver
        self._source = source
        self._lacks: Closure[_Question, _Lack] = Closure(self._ask_one, _least, most=True)
        self.computes = lru_cache(maxsize=None)(self._computes)
        self._bound = lru_cache(maxsize=None)(self._names_bound)

    def lack(self, module: str, name: str, typed: bool = False) -> DeadEnd | None:
        """Why ``from module import name`` may fail; None if `name` is there.

        Every binding counts, in all branches of conditions and wherever it leads, and every
        submodule; with `typed` those of a stub beside the module, too. The answer is
        ``missing name`` only if nothing can bind the name at run time either: no ``__getattr__``,
        no star import of what cannot be known, nothing of what `computes` looks for.
        """
        lack = self._lacks.of(_Question(module, name, False, typed))
        return None if lack is True else lack or DeadEnd("missing name", f"{module}.{name}")

    def _ask_one(self, question: _Question) -> tuple[_Lack, Sequence[_Question]]:
        module, name, starred, typed = question
        answer = self._ask(self._source.find(module), module, name, starred)
        if answer is None or (typed and self._in_stub(module, name)):
            return True, ()
        if isinstance(answer, DeadEnd):
            return answer, ()
        return None, [_Question(each, name, brought, typed) for each, brought in answer]

    def _ask(
        self, found: Found | None, module: str, name: str, starred: bool
    ) -> DeadEnd | list[tuple[str, bool]] | None:
        """None if the module binds `name`; why that cannot be known; or what else to ask.

        `starred` asks for what a star import of the module brings.
        """
        if found is None:
            if self._source.find(module.partition(".")[0]) is None:
                return DeadEnd("outside", f"{module}.*" if starred else module)
            # Whoever repairs the star import will see what it brings.
            return (
                DeadEnd("undecidable", f"{module}.*")
                if starred
                else DeadEnd("missing module", module)
            )
        if found.path is None:
            return None if self._is_module(module, name) else []
        facts = self._source.facts_at(found.path)
        if facts.trouble is not None:
            self._resolver.unreadable.add(found.path)
            return DeadEnd("unreadable", found.path)
        exports = facts.exports if starred else None
        if exports is not None and name in exports.names:
            return None
        hidden = not exports.dynamic if exports else name.startswith("_")
        if starred and hidden and facts.shim is None:
            return []
        if name in self._bound(found.path) or self._is_module(module, name) or name in _ALWAYS:
            return None
        if facts.shim is not None:
            return [(facts.shim.home, starred)]
        # A stub without its module need not list everything that the module has.
        alone = found.path.endswith(".pyi")
        if alone or exports or (facts.has_getattr and not starred) or self.computes(found.path):
            return DeadEnd("undecidable", f"{module}.{name}")
        return [(star, True) for star in self._resolver.stars(found.path)]

    def _is_module(self, package: str, name: str) -> bool:
        dotted = f"{package}.{name}"
        return self._source.find(dotted) is not None or self._source.is_compiled(dotted)

    def _in_stub(self, module: str, name: str) -> bool:
        path = self._source.stub_of(module)
        return path is not None and name in self._bound(path)

    def _names_bound(self, path: str) -> frozenset[str]:
        """What a file binds at module level, stars left out."""
        facts = self._source.facts_at(path)
        return frozenset(
            name
            for group in (facts.imports, facts.definitions, facts.aliases, facts.assignments)
            for fact in group
            if fact.scope == 0
            and (name := fact.bound if isinstance(fact, Import) else fact.name) is not None
        )

    def _computes(self, path: str) -> bool:
        """Whether a file may bind names, or make submodules, that it does not spell."""
        facts = self._source.facts_at(path)
        return facts.shim is None and (_computes(facts) or "__path__" in self._bound(path))


def _computes(facts: FileFacts) -> bool:
    """Whether a module reaches for its own namespace, or for the table of modules.

    A call for its effect alone that is given ``__name__`` may do so in its place.
    """
    for call in facts.calls:
        if call.root_scope < 0 and call.callee.partition(".")[0] in ("globals", "__path__"):
            return True
        if call.scope == 0 and (
            (call.root_scope < 0 and call.callee in ("vars", "locals", "exec"))
            or (call.result == "discarded" and "__name__" in call.names)
        ):
            return True
    chains = (use.chain.split(".") for use in facts.uses)
    return any(root.lstrip("_") == "sys" and "modules" in rest[:1] for root, *rest in chains)
