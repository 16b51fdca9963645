from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import ClassVar, Literal

from ssot_lint.advice import missing_home
from ssot_lint.facts import Context, Import
from ssot_lint.model import Note, Remark
from ssot_lint.options import IDENTIFIERS, PATH, PATHS, option
from ssot_lint.patterns import Words
from ssot_lint.project import Module, Origin, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.symbols import Symbol, names_of, prefixes
from ssot_lint.targets import reached


@dataclass(frozen=True, kw_only=True)
class ImportPath(Rule):
    """A symbol that is imported by another path than its home.

    What it does
        Follows every import, through re-exports, aliases and stars, and reports it if it leads to
        what `home` leads to but is spelled otherwise: ``from pkg import N`` of a package that
        re-exports it, ``from impl import N`` of the module that implements it for a facade, also
        under another name. So is an attribute chain that reaches it (``p.N`` after
        ``import pkg as p``), unless the import was reported already, and a star import that brings
        it under its own name or the home's. Of a home with several branches, each of them alone is
        something else.
        The modules that make up the home and the public paths, those that re-export it step by
        step, import it from one another and are left alone; so is an import inside
        ``raises(ImportError)``.
        An import of the home's name from a module with a ``__getattr__`` may lead there: a note.

    Why
        Every further path is one more that a move must follow and a ``mock.patch`` can miss, and
        one more answer to the question where the thing really lives.

    Instead of
        ``from shop.orders._book import OrderBook``, where ``shop.orders`` re-exports it.

    Write
        ``from shop.orders import OrderBook``

    Options
        `home` is the dotted path of the symbol; with `names`, that of a module from which each of
        them is to be imported. An entry of `public` is the path of a symbol, or of a module: then
        the symbol may be imported from there.

    Subject
        The absolute path as imported: ``m.N``, or ``m.*`` for a star. For an attribute chain, the
        whole of it, made absolute through the file's own imports.

    What a fix may break
        A facade imports more than the implementation does: the new import may close a cycle, where
        implementation modules import from their own facade (see `allow_in`).
    """

    code: ClassVar[str] = "SOT104"
    kind: ClassVar[str] = "import-path"
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "names"
    fixable: ClassVar[bool] = True
    learns: ClassVar[bool] = True

    home: str = option(PATH, "The dotted path from which the symbol is imported.")
    names: tuple[str, ...] = option(
        IDENTIFIERS, "Several symbols of one module, which is then the home.", default=()
    )
    public: tuple[str, ...] = option(
        PATHS,
        "Further paths, of the symbol or of modules, from which it may be imported.",
        default=(),
    )

    def homes(self) -> Iterator[str]:
        yield self.home

    spelled: frozenset[str] | None = field(default=None, kw_only=True)
    """The names to which modules and class bodies bind the symbols; None if they are not known."""

    def informed(self, project: Project, holders: Iterable[Module] = ()) -> ImportPath:
        origins = {path: project.resolve(path).origins for path in self._paths}
        names = {path.rpartition(".")[2] for path in origins}
        everything = frozenset[Origin]().union(*origins.values())
        names |= {(each.name or each.module).rpartition(".")[2] for each in everything}
        names |= self.spelled or set()
        names = names_of(project, holders, names, everything)
        return self if self.spelled == frozenset(names) else replace(self, spelled=frozenset(names))

    def words(self) -> Words | None:
        """A name of a symbol: who gives it another one spells both, and is found to."""
        if self.spelled is None:
            return None
        return replace(Words.of(*({name} for name in self.spelled)), stars=True)

    @property
    def _paths(self) -> tuple[str, ...]:
        """The path of each symbol."""
        return tuple(f"{self.home}.{name}" for name in self.names) or (self.home,)

    def check(self, project: Project) -> Iterator[Outcome]:
        symbols = [Symbol(project, path, self.public) for path in self._paths]
        search = _Search(project, symbols, self.spelled)
        for module in project.judged(self):
            for fact in module.facts.imports:
                if not fact.context & Context.EXPECTED_FAILURE:
                    yield from self._judge(search, module, fact)
            yield from self._judge_uses(search, module)

    def _judge(self, search: _Search, module: Module, fact: Import) -> Iterator[Outcome]:
        target = module.target(fact)
        if target is None:
            return
        starred = fact.name == "*"
        symbols = search.starred(target.removesuffix(".*")) if starred else search.astray(target)
        if homes := search.outsider(module, symbols):
            verb = "brings" if starred else "leads to"
            message = f"import of {target} {verb} {', '.join(homes)}; import it from there"
            replacement = homes[0] if len(homes) == 1 and not starred else ""
            yield self.violation(
                module.path, fact.span, target, message, fact.statement, replacement
            )
        elif search.may_lead(target):
            message = f"whether {target} leads to {self.home} cannot be told"
            yield Note("undecidable", message, self.name, module.path, fact.line)

    def _judge_uses(self, search: _Search, module: Module) -> Iterator[Outcome]:
        for use, ways in reached(module):
            rest = use.chain.partition(".")[2]
            if use.context & Context.EXPECTED_FAILURE or not search.is_spelled(rest):
                continue
            for fact, base, rest in ways:
                found, symbols = search.along(module.target(fact), base, rest)
                if homes := search.outsider(module, symbols):
                    path = f"{base}.{rest}"
                    message = f"use of {path} leads to {', '.join(homes)}; import it from there"
                    replacement = homes[0] + path[len(found) :] if len(homes) == 1 else ""
                    yield self.violation(
                        module.path, use.span, path, message, replacement=replacement
                    )
                    break

    def broken(self, project: Project) -> Iterator[tuple[str, str]]:
        for path in self._paths:
            if problem := missing_home(project, path):
                yield "home", problem

    def idle(self, project: Project) -> Iterator[Remark]:
        symbols = [Symbol(project, path, ()) for path in self._paths]
        for path in self.public:
            reaches = (
                project.resolve(each).origins & symbol.origins
                for symbol in symbols
                for each in (path, f"{path}.{symbol.name}")
            )
            if any(symbol.origins for symbol in symbols) and not any(reaches):
                yield Remark("public", f"'{path}' does not lead to {self.home}")


class _Search:
    """Which symbols lie at a path; remembers answers, as thousands of files ask the same."""

    def __init__(
        self, project: Project, symbols: Iterable[Symbol], spelled: Collection[str] | None
    ) -> None:
        self._project = project
        self._spelled = spelled
        self._symbols = tuple(symbol for symbol in symbols if symbol.origins)
        self._names = frozenset(symbol.name for symbol in symbols)
        self._at = lru_cache(maxsize=None)(self._symbols_at)
        self.astray = lru_cache(maxsize=None)(self._astray)
        self.starred = lru_cache(maxsize=None)(self._starred)
        self._along = lru_cache(maxsize=None)(self._symbols_along)

    def is_spelled(self, attributes: str) -> bool:
        """Whether one of some attributes bears a name of a symbol: others lead to none."""
        return self._spelled is None or any(each in self._spelled for each in attributes.split("."))

    def _symbols_at(self, path: str) -> tuple[Symbol, ...]:
        if not self.is_spelled(path.rpartition(".")[2]):
            return ()
        return tuple(s for s in self._symbols if s.is_at(self._project, path))

    def _astray(self, path: str) -> tuple[Symbol, ...]:
        """The symbols at `path`; none if one of them may be spelled like that."""
        symbols = self._at(path)
        return () if any(path in s.allowed for s in symbols) else symbols

    def _starred(self, module: str) -> tuple[Symbol, ...]:
        """The symbols that a star import of `module` brings from a path that is not allowed."""
        return tuple(
            s
            for s in self._symbols
            if any(
                self._project.star_binds(module, name) and s in self.astray(f"{module}.{name}")
                for name in s.names()
            )
        )

    def along(self, imported: str | None, base: str, rest: str) -> tuple[str, tuple[Symbol, ...]]:
        """The symbols that the attributes `rest` reach, and the path at which they do.

        None if they are `imported` already.
        """
        return ("", ()) if imported and self._at(imported) else self._along(base, rest)

    def _symbols_along(self, base: str, rest: str) -> tuple[str, tuple[Symbol, ...]]:
        for path in prefixes(self._project, base, rest):
            if self._at(path):
                return path, self.astray(path)
        return "", ()

    def outsider(self, module: Module, symbols: Iterable[Symbol]) -> list[str]:
        """The homes of the symbols that `module` has no part in, sorted."""
        own = module.name and self._project.find(module.name)
        paths = {module.path, own and own.path}
        return sorted(s.home for s in symbols if paths.isdisjoint(s.files))

    def may_lead(self, path: str) -> bool:
        """Whether `path` ends like a symbol and cannot be followed."""
        if path.rpartition(".")[2] not in self._names:
            return False
        return any(end.why == "undecidable" for end in self._project.resolve(path).dead_ends)
