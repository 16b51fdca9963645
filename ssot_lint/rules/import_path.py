from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

from ssot_lint.advice import missing_home
from ssot_lint.facts import Alias, Context, Import
from ssot_lint.model import Note, Remark, SourceFile
from ssot_lint.options import IDENTIFIERS, PATH, PATHS, option
from ssot_lint.patterns import Words
from ssot_lint.project import Class, Found, Module, Project
from ssot_lint.rule import Outcome, Rule
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

    def words(self) -> Words | None:
        """None: the implementation may bear any name, which only following imports tells."""
        return None

    def words_of_expressions(self) -> Words:
        """None are needed: imports tell whether a file may reach the symbol by attributes."""
        return Words()

    @property
    def _paths(self) -> tuple[str, ...]:
        """The path of each symbol."""
        return tuple(f"{self.home}.{name}" for name in self.names) or (self.home,)

    def check(self, project: Project) -> Iterator[Outcome]:
        search = _Search(project, [_Symbol(project, path, self.public) for path in self._paths])
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
        if not any(search.goes_on(module, fact) for fact in module.facts.imports):
            return
        for use, ways in reached(module):
            if use.context & Context.EXPECTED_FAILURE:
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
        symbols = [_Symbol(project, path, ()) for path in self._paths]
        for path in self.public:
            reaches = (
                project.resolve(each).origins & symbol.origins
                for symbol in symbols
                for each in (path, f"{path}.{symbol.name}")
            )
            if any(symbol.origins for symbol in symbols) and not any(reaches):
                yield Remark("public", f"'{path}' does not lead to {self.home}")


class _Symbol:
    """A symbol with one home: what it is, and how it may be spelled."""

    def __init__(self, project: Project, home: str, public: Iterable[str]) -> None:
        self.home = home
        self.name = home.rpartition(".")[2]
        self.origins = project.resolve(home).origins
        further = (each for path in public for each in (path, f"{path}.{self.name}"))
        self.allowed = frozenset((home, *further))
        self.files = frozenset(self._files(project))
        """The files that make up the allowed paths, from the home to the implementation."""

    def is_at(self, project: Project, path: str) -> bool:
        """Whether a dotted path leads to it: to all of it, where a home has several branches."""
        return self.origins <= project.resolve(path).origins

    def _comes_from(self, project: Project, path: str) -> bool:
        """Whether a dotted path leads to some branch of it."""
        return not self.origins.isdisjoint(project.resolve(path).origins)

    def names(self) -> Iterator[str]:
        """The names that a star import may bring it under."""
        yield self.name
        yield from {o.name for o in self.origins} - {self.name, ""}

    def _files(self, project: Project) -> Iterator[str]:
        todo = [path for path in self.allowed if self._comes_from(project, path)]
        seen = set(todo)
        while todo:
            path = todo.pop()
            for found in filter(None, map(project.find, {path, path.rpartition(".")[0]})):
                if found.path is not None:
                    yield found.path
                    further = set(self._sources(project, found, found.path)) - seen
                    seen |= further
                    todo += further

    def _sources(self, project: Project, found: Found, path: str) -> Iterator[str]:
        """The paths by which a module takes the symbol from others."""
        package = found.name if found.kind == "package" else found.name.rpartition(".")[0]
        module = Module(SourceFile(path, found.name, package), project.facts_at(path))
        for fact in module.facts.imports:
            target = module.target(fact)
            if target is not None and fact.name == "*":
                target = target.removesuffix(".*")
                yield from (f"{target}.{n}" for n in self.names() if project.star_binds(target, n))
            elif target is not None and self._comes_from(project, target):
                yield target
        for _, ways in reached(module):
            for _, base, rest in ways:
                yield from (
                    p for p in _prefixes(project, base, rest) if self._comes_from(project, p)
                )


class _Search:
    """Which symbols lie at a path; remembers answers, as thousands of files ask the same."""

    def __init__(self, project: Project, symbols: Iterable[_Symbol]) -> None:
        self._project = project
        self._symbols = tuple(symbol for symbol in symbols if symbol.origins)
        self._names = frozenset(symbol.name for symbol in symbols)
        origins = (origin.name for symbol in self._symbols for origin in symbol.origins)
        self._defined = frozenset(name.rpartition(".")[2] for name in origins)
        self._at = lru_cache(maxsize=None)(self._symbols_at)
        self.astray = lru_cache(maxsize=None)(self._astray)
        self.starred = lru_cache(maxsize=None)(self._starred)
        self._opens = lru_cache(maxsize=None)(self._has_attributes)
        self._along = lru_cache(maxsize=None)(self._symbols_along)

    def _symbols_at(self, path: str) -> tuple[_Symbol, ...]:
        return tuple(s for s in self._symbols if s.is_at(self._project, path))

    def _astray(self, path: str) -> tuple[_Symbol, ...]:
        """The symbols at `path`; none if one of them may be spelled like that."""
        symbols = self._at(path)
        return () if any(path in s.allowed for s in symbols) else symbols

    def _starred(self, module: str) -> tuple[_Symbol, ...]:
        """The symbols that a star import of `module` brings from a path that is not allowed."""
        return tuple(
            s
            for s in self._symbols
            if any(
                self._project.star_binds(module, name) and s in self.astray(f"{module}.{name}")
                for name in s.names()
            )
        )

    def along(self, imported: str | None, base: str, rest: str) -> tuple[str, tuple[_Symbol, ...]]:
        """The symbols that the attributes `rest` reach, and the path at which they do.

        None if they are `imported` already.
        """
        return ("", ()) if imported and self._at(imported) else self._along(base, rest)

    def goes_on(self, module: Module, fact: Import) -> bool:
        """Whether attributes of what an import binds may lead to a symbol."""
        target = module.target(fact)
        if target is None or fact.name == "*":
            return False
        return self._opens(target if fact.name or fact.alias else target.partition(".")[0])

    def _has_attributes(self, path: str) -> bool:
        """Whether a path leads to a module, or to a class whose body may bind a symbol.

        Nothing else has attributes that lead anywhere.
        """
        classes = self._project.classes
        return any(
            not origin.name or any(map(self._may_bind, classes.at(origin)))
            for origin in self._project.resolve(path).origins
        )

    def _may_bind(self, cls: Class) -> bool:
        """Whether the body of a class binds something else than what has its origin there."""
        own = self._project.classes.own(cls)
        if not self._defined.isdisjoint(own):
            return True
        return any(isinstance(fact, (Alias, Import)) for facts in own.values() for fact in facts)

    def _symbols_along(self, base: str, rest: str) -> tuple[str, tuple[_Symbol, ...]]:
        for path in _prefixes(self._project, base, rest):
            if self._at(path):
                return path, self.astray(path)
        return "", ()

    def outsider(self, module: Module, symbols: Iterable[_Symbol]) -> list[str]:
        """The homes of the symbols that `module` has no part in, sorted."""
        own = module.name and self._project.find(module.name)
        paths = {module.path, own and own.path}
        return sorted(s.home for s in symbols if paths.isdisjoint(s.files))

    def may_lead(self, path: str) -> bool:
        """Whether `path` ends like a symbol and cannot be followed."""
        if path.rpartition(".")[2] not in self._names:
            return False
        return any(end.why == "undecidable" for end in self._project.resolve(path).dead_ends)


def _prefixes(project: Project, base: str, rest: str) -> Iterator[str]:
    """``base.a``, ``base.a.b`` ... of the attributes `rest`, until one is no module any more."""
    path = base
    for part in rest.split("."):
        path = f"{path}.{part}"
        yield path
        if not any(not origin.name for origin in project.resolve(path).origins):
            return
