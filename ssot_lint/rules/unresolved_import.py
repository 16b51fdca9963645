from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import or_
from typing import ClassVar, Literal

from ssot_lint.ends import Ends
from ssot_lint.facts import Context, Import, Text
from ssot_lint.model import TOP, Note, Remark
from ssot_lint.open_ends import OpenEnds
from ssot_lint.options import NAMES, PATTERNS, choice, option
from ssot_lint.patterns import Pattern, Words, ancestors, covers
from ssot_lint.project import Closure, DeadEnd, Module, Project
from ssot_lint.rule import Outcome, Rule
from ssot_lint.targets import covered, named, words_of

_IMPORTERS = frozenset({"import_module", "__import__"})
_PROBES = frozenset({"find_spec", "importorskip", "import_or_skip"})
"""Callees (last component) that take a module's name; probes go on without the module."""
_PATCHERS = re.compile(r"(?:.*\.)?patch(?:\.multiple|\.dict)?|.+\.(?:set|del)attr")
"""The callees that patch what a dotted path names."""
_EVERYTHING = (Pattern("**"),)
_MISSING = ("missing module", "missing name")


@dataclass(frozen=True, kw_only=True)
class UnresolvedImport(Rule):
    """An import, or a patch target, of this project that leads nowhere.

    What it does
        Reports every import of a module below the roots that does not exist, and of a name that
        its module does not bind, also where an ``except ImportError`` hides it; and strings in the
        same way: targets of ``patch`` and ``monkeypatch.setattr``, arguments of
        ``import_module``. Reports also a module that imports itself, directly or through a module
        that imports it in turn, and a module hidden by a package of the same name beside it.
        A project's own are the imports whose first component is found below the roots. A name is
        bound by any branch of a condition, by a submodule, or by a star import. What only running
        the code could tell is a note: names of a module with a ``__getattr__``, with a star import
        from outside, or that reaches for ``globals()`` or ``sys.modules``; modules in a namespace
        package that may have parts elsewhere. Left alone: compiled modules, what the same file
        puts into ``sys.modules``, what lies beside the importing file as beside a script, and
        imports inside ``raises(ImportError)``.

    Why
        A guarded import of a module that is gone switches a feature off, and nobody hears of it.
        A stale patch target makes a test fail, or patch what nobody uses.

    Instead of
        ``try: from shop.orders_old import Order`` with ``except ImportError: Order = None``

    Write
        ``from shop.orders import Order``

    Options
        `modules` restricts what is looked at by the path imported; `allow` names paths that exist
        only at run time, such as generated modules (``"**._version"``, ``"**.*_pb2"``) and names
        that ``patch(..., create=True)`` makes. A top folder without an ``__init__.py`` is taken for
        a namespace package, unless it holds nothing but tests, or `whole` names it.

    Subject
        The absolute path as imported: ``m.N``, ``m``, or ``m.*`` for a star; a string as written
        (``m.*`` where only a prefix is constant); of a hidden module its name.

    What a fix may break
        Code that has not run for long runs again. Make sure that it should.
    """

    code: ClassVar[str] = "SOT106"
    kind: ClassVar[str] = "unresolved-import"
    scope: ClassVar[Literal["file", "project"]] = "project"
    unit: ClassVar[str] = "names"

    modules: tuple[Pattern, ...] = option(
        PATTERNS,
        "Patterns on dotted paths: only imports of these are looked at.",
        default=_EVERYTHING,
    )
    allow: tuple[Pattern, ...] = option(
        PATTERNS, "Patterns on dotted paths that need not lead anywhere.", default=()
    )
    whole: tuple[Pattern, ...] = option(
        NAMES,
        "Top packages without an __init__.py that have no parts in other distributions.",
        default=(),
    )
    guarded: Literal["allowed", "forbidden"] = option(
        choice("allowed", "forbidden"),
        "Whether imports under 'except ImportError', and probes, are left alone.",
        default="forbidden",
    )

    def words(self) -> Words | None:
        """The last component of each literal path; a relative import inside needs not even that."""
        if self.ignore_case or not all(pattern.literal for pattern in self.modules):
            return None
        words = words_of(self.modules)
        packages = frozenset(pattern.text for pattern in self.modules)
        return words and replace(words, packages=packages, strings=True)

    @property
    def by_outline(self) -> bool:
        return self.words() is None

    def doubts(self, project: Project) -> OpenEnds:
        return OpenEnds(project, Ends(project, self.whole), self._looks_at)

    def check(self, project: Project) -> Iterator[Outcome]:
        for path, outcome in self._found(project):
            if not covered(self.allow, path):
                yield outcome

    def _found(self, project: Project) -> Iterator[tuple[str, Outcome]]:
        """What there is to say, but for `allow`, with the path that it is about."""
        ends, circles = Ends(project, self.whole), _Circles(project)
        for module in project.judged(self):
            texts = module.facts.texts
            put = {text.value for text in texts if text.role == "key"}
            for fact in module.facts.imports:
                if not self._excused(fact.context):
                    yield from self._judge(ends, circles, module, fact, put)
            for text in texts:
                if text.role == "argument" and not self._excused(text.context):
                    yield from self._judge_text(ends, module, text, put)
        yield from self._hidden(project)

    def _excused(self, context: int) -> bool:
        if context & Context.EXPECTED_FAILURE:
            return True
        return self.guarded == "allowed" and bool(context & Context.GUARDED)

    def _looks_at(self, path: str) -> bool:
        return self.modules == _EVERYTHING or covered(self.modules, path)

    def _judge(
        self, ends: Ends, circles: _Circles, module: Module, fact: Import, put: set[str]
    ) -> Iterator[tuple[str, Outcome]]:
        base, target = module.absolute(fact), module.target(fact)
        if base is None or target is None:
            if module.file.package is not None and self.modules == _EVERYTHING:
                written = "." * fact.level + fact.module
                above = DeadEnd("undecidable", "above the root")
                yield written, self._note(module, fact, written, above)
            return
        path = target.removesuffix(".*")
        if not ends.is_inside(path) or not self._looks_at(path):
            return
        message = circles.through(module, fact, base, target)
        if not message:
            end = ends.imported(module, fact, base)
            if end is None or (fact.level == 0 and ends.stands_beside(module, path, base)):
                return
            if any(covers(each, path) for each in put):
                return
            if end.why not in _MISSING:
                if end.why != "unreadable":
                    yield path, self._note(module, fact, target, end)
                return
            hidden = ", which 'except ImportError' hides" if fact.context & Context.GUARDED else ""
            message = f"import of {target} leads nowhere{hidden}: {_said(end)}"
        yield path, self.violation(module.path, fact.span, target, message, fact.statement)

    def _judge_text(
        self, ends: Ends, module: Module, text: Text, put: set[str]
    ) -> Iterator[tuple[str, Outcome]]:
        last = text.callee.rpartition(".")[2]
        is_probe = last in _PROBES
        if is_probe and self.guarded == "allowed":
            return
        imports = is_probe or last in _IMPORTERS
        if not imports and not _PATCHERS.fullmatch(text.callee):
            return
        path = named(module, text)
        if path is None or not ends.is_inside(path) or not self._looks_at(path):
            return
        end = ends.module(path) if imports else ends.path(path)
        if end is None or ends.stands_beside(module, *(p for p in ancestors(path) if "." in p)):
            return
        if any(covers(each, path) for each in put):
            return
        subject = text.value + ".*" * text.open_ended
        if end.why in _MISSING:
            message = f"{subject} (argument of {text.callee}()) leads nowhere: {_said(end)}"
            yield path, self.violation(module.path, text.span, subject, message)
        elif end.why != "unreadable":
            yield path, self._note(module, text, subject, end)

    def _note(self, module: Module, fact: Import | Text, target: str, end: DeadEnd) -> Note:
        message = f"whether {target} leads anywhere cannot be told: {end.where} ({end.why})"
        topic = "outside" if end.why == "outside" else "undecidable"
        return Note(topic, message, self.name, module.path, fact.line)

    def _hidden(self, project: Project) -> Iterator[tuple[str, Outcome]]:
        for file in project.in_scope(self):
            if file.module is None or not self._looks_at(file.module):
                continue
            stem, _, suffix = file.path.rpartition(".")
            package = f"{stem}/__init__.{suffix}"
            found = project.find(file.module)
            if found is not None and found.path == package:
                message = f"module {file.module} is hidden by {package}; make one of the two"
                yield file.module, self.violation(file.path, TOP, file.module, message)

    def idle(self, project: Project) -> Iterator[Remark]:
        if self.allow:
            paths = {path for path, _ in self._found(project)}
            for allowed in self.allow:
                if not any(covered([allowed], path) for path in paths):
                    yield Remark("allow", f"'{allowed}' excepts nothing: all of it leads somewhere")
        tops = {(file.module or "").partition(".")[0] for file in project.files}
        apart = {top for top in tops if (found := project.find(top)) and found.path is None}
        for pattern in self.whole:
            if not any(pattern.matches(top) for top in apart):
                yield Remark("whole", f"'{pattern}' matches no package without an __init__.py")


def _said(end: DeadEnd) -> str:
    if end.why == "missing module":
        return f"there is no module {end.where}"
    module, _, name = end.where.rpartition(".")
    return f"{module} has no {name}"


class _Circles:
    """Modules that import themselves."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._find = project.find
        self._files: dict[str, int] = {}
        self._reached = Closure(self._step, or_)

    def through(self, module: Module, fact: Import, base: str, target: str) -> str:
        """How `fact` imports the module that it stands in, in words; "" if it does not."""
        name, found = module.name or module.path, self._find(base)
        if found is None:
            return ""
        own = self._file(module)
        direct = found.path == own
        if fact.name is None or fact.name == "*":
            if direct:
                return f"module {name} imports itself"
            through = fact.name == "*" and found.path is not None and self._stars(found.path, own)
            return f"module {name} imports itself through {base}" if through else ""
        if self._project.is_compiled(target) or (direct and self._find(target)):
            return ""
        if not direct and self._project.definer(base, fact.name):
            return ""
        ends = self._project.resolve(target)
        if ends.dead_ends or any(origin.path != own for origin in ends.origins):
            return ""
        bound = any(d.name == fact.name and d.scope == 0 for d in module.facts.definitions)
        if direct and not bound and (module.facts.has_getattr or self._project.names.computes(own)):
            return ""
        if not ends.origins and not (direct and bound):
            looped = direct or self._comes_back(found.path, fact.name, own)
            return f"import of {target} leads only to itself" if looped else ""
        direct = direct or any(not origin.name for origin in ends.origins)
        return f"module {name} imports itself" + ("" if direct else f" through {base}")

    def _file(self, module: Module) -> str:
        """The file of a module; a stub stands for the source beside it."""
        found = self._find(module.name) if module.name and module.file.is_stub else None
        return (found and found.path) or module.path

    def _stars(self, path: str, target: str) -> bool:
        """Whether the file at `path` imports everything from the file at `target`."""
        stars = (f for f in self._project.facts_at(path).imports if f.name == "*")
        return any(found == target for found, _ in self._sources(path, stars))

    def _comes_back(self, path: str | None, name: str, target: str) -> bool:
        """Whether the imports that bind `name` in the file at `path` lead to the file `target`."""
        return bool(self._reached.of((path or "", name)) & self._bit(target))

    def _bit(self, path: str) -> int:
        """What stands for a file in a set of files, which is a number: thousands of sets of
        thousands are kept.
        """
        return 1 << self._files.setdefault(path, len(self._files))

    def _step(self, place: tuple[str, str]) -> tuple[int, list[tuple[str, str]]]:
        path, name = place
        imports = self._project.facts_at(path).imports if path else ()
        binding = (f for f in imports if f.scope == 0 and f.bound == name)
        further = [(found or "", name) for found, name in self._sources(path, binding)]
        return self._bit(path), further

    def _sources(self, path: str, imports: Iterable[Import]) -> Iterator[tuple[str | None, str]]:
        """The files that the imports of a file import from, and the names that they import."""
        for fact in imports:
            module = self._project.absolute(path, fact.level, fact.module)
            found = self._find(module) if module else None
            if found is not None:
                yield found.path, fact.name or ""
