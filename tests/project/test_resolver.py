"""Where names lead, held against Python: the same small projects are really imported."""

from __future__ import annotations

import importlib
import itertools
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.facts import FileFacts, read_facts
from ssot_lint.globs import Globs
from ssot_lint.patterns import ancestors, covers
from ssot_lint.project import DeadEnd, Found, Modules, Origin, Project, Resolution
from ssot_lint.project.names import Names
from ssot_lint.project.resolver import Resolver
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of

NAMES = ("A", "B", "C", "D")
COUNTER = itertools.count()


def project_at(root: Path, roots: tuple[str, ...] = (".",)) -> Project:
    read = Reader(str(root)).facts
    name_file = partial(module_of, roots=roots)
    return Project((), Modules(str(root), roots), read, name_file, Globs())


def write(root: Path, sources: Mapping[str, str]) -> None:
    for path, source in sources.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(source, encoding="utf-8")


@contextmanager
def importable(package: str) -> Iterator[Path]:
    """A folder on Python's path, until the end; what was imported from it is forgotten."""
    with tempfile.TemporaryDirectory() as folder:
        sys.path.insert(0, folder)
        written = sys.dont_write_bytecode
        sys.dont_write_bytecode = True
        try:
            yield Path(folder)
        finally:
            sys.dont_write_bytecode = written
            sys.path.remove(folder)
            forget(package)


def forget(package: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
    importlib.invalidate_caches()


class Layout:
    """A package with a package in it: six modules that may import each other."""

    def __init__(self) -> None:
        self.package = f"ssot_resolver_{next(COUNTER)}"
        inner = f"{self.package}.sub"
        self.paths = {
            self.package: f"{self.package}/__init__.py",
            f"{self.package}.one": f"{self.package}/one.py",
            f"{self.package}.two": f"{self.package}/two.py",
            inner: f"{self.package}/sub/__init__.py",
            f"{inner}.three": f"{self.package}/sub/three.py",
            f"{inner}.four": f"{self.package}/sub/four.py",
        }

    def relative(self, importer: str, target: str) -> str:
        """`target` as a relative import in `importer` spells it."""
        base = (
            importer
            if self.paths[importer].endswith("__init__.py")
            else importer.rpartition(".")[0]
        )
        dots = "."
        while target != base and not target.startswith(base + "."):
            base = base.rpartition(".")[0]
            dots += "."
        return dots + target[len(base) + 1 :]


def origin(layout: Layout, value: object) -> Origin:
    """Where Python says that `value` comes from."""
    if isinstance(value, ModuleType):
        return Origin(layout.paths[value.__name__], value.__name__, "")
    module, name = value.__module__, value.__qualname__  # type: ignore[attr-defined]
    return Origin(layout.paths[module], module, name)


def known_to_python(layout: Layout) -> Iterator[tuple[str, Origin]]:
    """Every dotted name that an imported module binds, and its origin."""
    for module in layout.paths:
        if module in sys.modules:
            for name, value in vars(sys.modules[module]).items():
                if name in NAMES:
                    yield f"{module}.{name}", origin(layout, value)


class Generated:
    """A project without cycles, made module by module: each uses what the ones before it bind."""

    def __init__(self, draw: st.DrawFn, layout: Layout, root: Path) -> None:
        self.draw = draw
        self.layout = layout
        self.root = root
        self.exports: dict[str, list[str]] = {}
        write(root, dict.fromkeys(layout.paths.values(), ""))
        for module in draw(st.permutations(list(layout.paths))):
            # Who imports a module imports the packages around it.
            safe = [
                other
                for other in self.exports
                if all(p in self.exports or covers(p, module) for p in ancestors(other))
            ]
            self.exports[module] = self._module(module, safe)

    def _module(self, module: str, done: list[str]) -> list[str]:
        """Writes a module, and returns the names that it binds."""
        lines: list[str] = []
        bound: list[str] = []
        for _ in range(self.draw(st.integers(1, 5))):
            longer = [*lines, self.draw(st.sampled_from(self._statements(module, done, bound)))]
            try:
                bound = self._bound(module, longer)
            except (AttributeError, ImportError):  # of a package that is being imported
                continue
            lines = longer
        if self.draw(st.booleans()) and bound:
            exported: list[str] = self.draw(st.lists(st.sampled_from(bound)))
            lines.append(f"__all__ = {exported!r}")
        return self._bound(module, lines)

    def _bound(self, module: str, lines: list[str]) -> list[str]:
        """The names of a module with these lines, asked of Python."""
        write(self.root, {self.layout.paths[module]: "\n".join(lines) + "\n"})
        forget(self.layout.package)
        imported = importlib.import_module(module)
        return [name for name in NAMES if hasattr(imported, name)]

    def _statements(self, module: str, done: list[str], bound: list[str]) -> list[str]:
        name = self.draw(st.sampled_from(NAMES))
        statements = [f"class {name}: ...", f"def {name}(): ..."]
        statements += [f"{name} = {other}" for other in bound]
        statements += [f"{other} = {other}" for other in bound]
        for target in done:
            relative = self.layout.relative(module, target)
            package, _, last = target.rpartition(".")
            if package:
                statements.append(f"from {package} import {last} as {name}")
            statements += [
                f"import {target} as {name}",
                f"from {target} import *",
                f"from {relative} import *",
            ]
            for theirs in self.exports[target]:
                statements += [
                    f"from {target} import {theirs} as {name}",
                    f"from {relative} import {theirs} as {name}",
                    f"import {target} as module\n{name} = module.{theirs}",
                    f"import {target}\n{name} = {target}.{theirs}",
                ]
        return statements


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_names_lead_where_python_says(data: st.DataObject) -> None:
    layout = Layout()
    with importable(layout.package) as root:
        data.draw(st.composite(lambda draw: Generated(draw, layout, root))())
        forget(layout.package)
        for module in layout.paths:
            importlib.import_module(module)
        project = project_at(root)
        for dotted, expected in known_to_python(layout):
            assert project.resolve(dotted) == Resolution(frozenset({expected}), frozenset())


@st.composite
def tangled(draw: st.DrawFn, layout: Layout) -> dict[str, str]:
    """Modules that import each other at will; each binds a name once."""
    sources = {}
    for module, path in layout.paths.items():
        lines = []
        names = draw(st.permutations(NAMES))[: draw(st.integers(1, 4))]
        for index, name in enumerate(names):
            form = draw(st.sampled_from(("class", "alias", "from", "from", "from", "import")))
            target = draw(st.sampled_from(list(layout.paths)))
            other = draw(st.sampled_from(NAMES))
            if form == "class":
                lines.append(f"class {name}: ...")
            elif form == "alias" and index:
                lines.append(f"{name} = {draw(st.sampled_from(names[:index]))}")
            elif form == "import":
                lines.append(f"import {target} as {name}")
            else:
                spelt = layout.relative(module, target) if draw(st.booleans()) else target
                lines.append(f"from {spelt} import {other} as {name}")
        sources[path] = "\n".join(lines) + "\n"
    return sources


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_names_in_cycles_lead_where_python_says_if_it_gets_anywhere(data: st.DataObject) -> None:
    layout = Layout()
    with importable(layout.package) as root:
        write(root, data.draw(tangled(layout)))
        importlib.invalidate_caches()
        for module in data.draw(st.permutations(list(layout.paths))):
            with suppress(ImportError, AttributeError):
                importlib.import_module(module)
        project = project_at(root)
        for dotted, expected in known_to_python(layout):
            assert project.resolve(dotted).origins == {expected}


@st.composite
def wild(draw: st.DrawFn, layout: Layout) -> dict[str, str]:
    """Anything at all: stars, conditions, rebindings, cycles, missing modules, broken files."""
    modules = [*layout.paths, "elsewhere", f"{layout.package}.missing"]
    target, name = st.sampled_from(modules), st.sampled_from(NAMES)
    statement = st.one_of(
        st.builds("from {} import *".format, target),
        st.builds("from {} import {} as {}".format, target, name, name),
        st.builds("import {} as {}".format, target, name),
        st.builds("import {0}\n{1} = {0}.{2}".format, target, name, name),
        st.builds("{} = {}".format, name, name),
        st.builds("{} = {} if x else {}".format, name, name, name),
        st.builds("class {}:\n    class {}: ...".format, name, name),
        st.builds("def {}():\n    from {} import {}".format, name, target, name),
        st.builds("if x:\n    from {} import {}".format, target, name),
        st.builds(
            "try:\n    from {} import {}\nexcept ImportError:\n    {} = None".format,
            target,
            name,
            name,
        ),
        st.builds("__all__ = [{!r}]".format, name),
        st.just("def __getattr__(name): ..."),
        st.just("from . import *"),
        st.just("class :"),
    )
    bodies = st.lists(statement, max_size=6).map("\n".join)
    return {path: draw(bodies) for path in layout.paths.values()}


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_every_question_has_one_answer_whatever_was_asked_before(data: st.DataObject) -> None:
    layout = Layout()
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), data.draw(wild(layout)))
        questions = [f"{module}.{name}" for module in layout.paths for name in NAMES]
        questions += [f"{question}.A" for question in questions]
        asked = project_at(Path(folder))
        answers = {question: asked.resolve(question) for question in questions}
        shuffled = project_at(Path(folder))
        for question in data.draw(st.permutations(questions)):
            assert shuffled.resolve(question) == answers[question]
        assert shuffled.unreadable == asked.unreadable


class InMemory:
    """A project of modules without packages, on no disk."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._facts = {name: read_facts(source.encode()) for name, source in sources.items()}

    def find(self, module: str) -> Found | None:
        return Found(module, module, "module") if module in self._facts else None

    def facts_at(self, path: str) -> FileFacts:
        return self._facts[path]

    def is_compiled(self, module: str) -> bool:
        return False

    def name_of(self, path: str) -> str:
        return path

    def stub_of(self, module: str) -> None:
        return None

    def absolute(self, path: str, level: int, module: str) -> str:
        return module


def test_a_chain_of_5000_modules_ends() -> None:
    links = {f"m{n}": f"from m{n - 1} import X" for n in range(1, 5000)}
    resolver = Resolver(InMemory({"m0": "class X: ...", **links}))
    assert resolver.path("m4999.X").origins == {Origin("m0", "m0", "X")}


def test_a_chain_of_5000_aliases_ends() -> None:
    links = "".join(f"X{n} = X{n - 1}\n" for n in range(1, 5000))
    resolver = Resolver(InMemory({"m": "class X0: ...\n" + links}))
    assert resolver.path("m.X4999").origins == {Origin("m", "m", "X0")}


def test_a_cycle_of_5000_modules_ends() -> None:
    links = {f"m{n}": f"from m{(n + 1) % 5000} import X" for n in range(5000)}
    resolver = Resolver(InMemory(links))
    assert resolver.path("m0.X") == Resolution(frozenset(), frozenset())


def test_a_chain_of_500_stars_ends() -> None:
    links = {f"m{n}": f"from m{n - 1} import *" for n in range(1, 500)}
    resolver = Resolver(InMemory({"m0": "class X: ...", **links}))
    assert resolver.path("m499.X").origins == {Origin("m0", "m0", "X")}
    assert not resolver.star_binds("m499", "Y")


@pytest.mark.parametrize(
    ("link", "last"),
    [
        ("from m{} import X", "class X: ..."),
        ("from m{} import X", "from m0 import X"),
        ("from m{} import *", "class X: ..."),
        ("from m{} import *", "from m0 import *"),
        ("import m{0}\nX = m{0}.X", "class X: ..."),
        ("if x:\n    from m{} import X\nelse:\n    from m0 import X", "class X: ..."),
    ],
)
def test_all_questions_together_take_a_few_steps_per_module(link: str, last: str) -> None:
    size = 300
    sources = {f"m{n}": link.format(n + 1) for n in range(size - 1)}
    project = InMemory({**sources, f"m{size - 1}": last})
    steps = 0
    find = project.find

    def count(module: str) -> Found | None:
        nonlocal steps
        steps += 1
        return find(module)

    project.find = count  # type: ignore[method-assign]
    resolver = Resolver(project)
    names = Names(resolver, project)
    assert len({resolver.path(f"m{n}.X").exists for n in range(size)}) == 1
    for name in ("X", "Y"):
        assert len({resolver.star_binds(f"m{n}", name) for n in range(size)}) == 1
        assert len({names.lack(f"m{n}", name) is None for n in range(size)}) == 1
    assert steps < 30 * size


def test_names_that_only_ever_grow_lead_nowhere() -> None:
    resolver = Resolver(
        InMemory({"a": "import b\nA = b.B.x\nclass C: ...", "b": "import a\nB = a.A.y\nD = a.C"})
    )
    for path in ("a.A", "a.A.z", "b.B"):
        found = resolver.path(path)
        assert not found.origins
        assert {end.why for end in found.dead_ends} == {"undecidable"}
    assert resolver.path("b.D").origins == {Origin("a", "a", "C")}


SOURCES = {
    "app/__init__.py": "from .impl import Thing, gone\nfrom .part import part\n",
    "app/impl.py": "class Thing:\n    class Inner:\n        class Deep: ...\n    def method(self): ...\n",
    "app/part.py": "def part(): ...\nX = Y = object()\n",
    "app/lazy.py": "def __getattr__(name): ...\nclass Kept: ...\n",
    "app/torn.py": "class :\n",
    "app/star.py": "from app.torn import *\n",
    "app/outer.py": "from lib.deep import *\n",
    "app/nearly.py": "from app.outer import *\nfrom app.absent import *\nfrom ... import *\n",
    "app/handler.py": "try:\n    from app.impl import Thing\nexcept ImportError:\n    class Thing: ...\n"
    "try:\n    import fast\nexcept ImportError:\n    class Slow: ...\n",
    "app/branches.py": "if x:\n    from app.impl import Thing as W\nelse:\n    from app.part import part as W\n",
    "app/above.py": "from .... import Thing\nfrom ....x import Other\n",
    "app/names/space.py": "Z = 1\n",
    "app/many.py": "from app.absent import *\nfrom .... import *\nfrom app.many import *\n"
    "from app.part import *\n",
    "app/through.py": "from app.many import *\n",
    "app/hidden/__init__.py": "from .other import sub\n",
    "app/via.py": "from app.hidden import sub\n",
    "app/hidden/other.py": "from app.part import part as sub\n",
    "app/hidden/sub.py": "import app, app.impl as impl\nfrom app.impl import Thing\n"
    "from app.part import *\nHere = Thing\n",
    "app/stub.pyi": "class Typed: ...\n",
    "src/pkg/mod.py": "class M: ...\n",
}
THING = Origin("app/impl.py", "app.impl", "Thing")
PART = Origin("app/part.py", "app.part", "part")


@pytest.mark.parametrize(
    ("dotted", "origins", "dead_ends"),
    [
        ("app.Thing", {THING}, set()),
        ("app.impl.Thing", {THING}, set()),
        ("app.Thing.Inner", {Origin("app/impl.py", "app.impl", "Thing.Inner")}, set()),
        ("app.Thing.Inner.Deep", {Origin("app/impl.py", "app.impl", "Thing.Inner.Deep")}, set()),
        ("app.Thing.method", {Origin("app/impl.py", "app.impl", "Thing.method")}, set()),
        ("app.Thing.none", set(), {DeadEnd("undecidable", "app.impl.Thing.none")}),
        ("app.Thing.Inner.x.y", set(), {DeadEnd("undecidable", "app.impl.Thing.Inner.x")}),
        ("app.gone", set(), {DeadEnd("missing name", "app.impl.gone")}),
        ("app.part", {PART}, set()),
        ("app.part.X", {Origin("app/part.py", "app.part", "X")}, set()),
        ("app.impl", {Origin("app/impl.py", "app.impl", "")}, set()),
        ("app", {Origin("app/__init__.py", "app", "")}, set()),
        ("app.names", {Origin("", "app.names", "")}, set()),
        ("app.names.space.Z", {Origin("app/names/space.py", "app.names.space", "Z")}, set()),
        ("app.names.Z", set(), {DeadEnd("missing module", "app.names.Z")}),
        ("app.absent.X", set(), {DeadEnd("missing name", "app.absent")}),
        ("lib.X", set(), {DeadEnd("outside", "lib.X")}),
        ("lib", set(), {DeadEnd("outside", "lib")}),
        ("app.lazy.Kept", {Origin("app/lazy.py", "app.lazy", "Kept")}, set()),
        ("app.lazy.any", set(), {DeadEnd("undecidable", "app.lazy.any")}),
        ("app.torn.X", set(), {DeadEnd("unreadable", "app/torn.py")}),
        ("app.star.X", set(), {DeadEnd("unreadable", "app/torn.py")}),
        ("app.outer.X", set(), {DeadEnd("outside", "lib.deep.*")}),
        ("app.nearly.X", set(), {DeadEnd("outside", "lib.deep.*")}),
        ("app.handler.Thing", {THING}, set()),
        ("app.handler.Slow", {Origin("app/handler.py", "app.handler", "Slow")}, set()),
        ("app.branches.W", {THING, PART}, set()),
        ("app.through.X", {Origin("app/part.py", "app.part", "X")}, set()),
        ("app.through.Z", set(), {DeadEnd("missing name", "app.through.Z")}),
        # What the package binds hides the submodule of that name, whatever that holds.
        ("app.hidden.sub", {PART}, set()),
        ("app.via.sub.Thing", set(), {DeadEnd("undecidable", "app.part.part.Thing")}),
        ("app.via.sub.Here", set(), {DeadEnd("undecidable", "app.part.part.Here")}),
        ("app.via.sub.impl.Thing", set(), {DeadEnd("undecidable", "app.part.part.impl")}),
        ("app.via.sub.app.Thing", set(), {DeadEnd("undecidable", "app.part.part.app")}),
        ("app.via.sub.Y", set(), {DeadEnd("undecidable", "app.part.part.Y")}),
        ("app.above.Thing", set(), {DeadEnd("missing module", "....")}),
        ("app.above.Other", set(), {DeadEnd("missing module", "....x")}),
        ("app.stub.Typed", {Origin("app/stub.pyi", "app.stub", "Typed")}, set()),
        ("pkg.mod.M", {Origin("src/pkg/mod.py", "pkg.mod", "M")}, set()),
        ("src.pkg.mod.M", {Origin("src/pkg/mod.py", "pkg.mod", "M")}, set()),
        ("src.pkg.mod", {Origin("src/pkg/mod.py", "pkg.mod", "")}, set()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_where_a_path_leads(
    dotted: str, origins: set[Origin], dead_ends: set[DeadEnd], tmp_path: Path
) -> None:
    write(tmp_path, SOURCES)
    resolution = project_at(tmp_path, (".", "src")).resolve(dotted)
    assert resolution == Resolution(frozenset(origins), frozenset(dead_ends))
    assert resolution.exists == bool(origins)


@pytest.mark.parametrize(
    ("dotted", "needed"),
    [("app.torn.X", {"app/torn.py"}), ("app.star.X", {"app/torn.py"}), ("app.impl.X", set())],
)
def test_files_that_were_needed_and_could_not_be_read(
    dotted: str, needed: set[str], tmp_path: Path
) -> None:
    write(tmp_path, SOURCES)
    project = project_at(tmp_path)
    project.resolve(dotted)
    assert project.unreadable == needed


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        (THING, "app.impl.Thing"),
        (Origin("app/impl.py", "app.impl", ""), "app.impl"),
        (Origin("app/run-it.py", "", "Thing"), "app/run-it.py:Thing"),
    ],
)
def test_an_origin_in_messages(origin: Origin, text: str) -> None:
    assert origin.dotted == text


def test_what_a_class_body_binds_is_followed_from_outside(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": (
                "from b import Other\n"
                "class Thing:\n"
                "    class Inner: ...\n"
                "    Same = Inner\n"
                "    Alias = Other\n"
                "    value = 3\n"
                "    declared: int\n"
                "    async def run(self):\n"
                "        self.attribute = 1\n"
                "    class Nested(Inner):\n"
                "        Deep = Other\n"
                "        Other = Other\n"
                "        given = lambda given: given\n"
                "DEFAULT = Thing.value\n"
                "run = Thing.run\n"
            ),
            "b.py": "class Other: ...\n",
        },
    )
    project = project_at(tmp_path)
    leads = {
        "a.Thing.Same": "Thing.Inner",
        "a.Thing.Nested": "Thing.Nested",
        "a.Thing.value": "Thing.value",
        "a.DEFAULT": "Thing.value",
        "a.run": "Thing.run",
    }
    for dotted, name in leads.items():
        assert project.resolve(dotted).origins == {Origin("a.py", "a", name)}
    for dotted in ("a.Thing.Alias", "a.Thing.Nested.Deep", "a.Thing.Nested.Other"):
        assert project.resolve(dotted).origins == {Origin("b.py", "b", "Other")}
    for dotted in ("a.Thing.declared", "a.Thing.attribute", "a.Thing.Nested.Same"):
        assert project.resolve(dotted).dead_ends == {DeadEnd("undecidable", dotted)}


def test_built_in_names_are_outside_unless_something_binds_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": "from b import *\nError = ValueError\nOwn = KeyError\nGone = Missing\n",
            "b.py": "class KeyError(Exception): ...\ndef __getattr__(name): ...\n",
            "c.py": "def __getattr__(name): ...\nError = ValueError\nGone = Missing\n",
        },
    )
    project = project_at(tmp_path)
    outside = {DeadEnd("outside", "builtins.ValueError")}
    assert project.resolve("a.Error") == Resolution(frozenset(), frozenset(outside))
    assert project.resolve("c.Error").dead_ends == outside
    assert project.resolve("a.Own").origins == {Origin("b.py", "b", "KeyError")}
    assert project.resolve("a.Gone").dead_ends == {DeadEnd("missing name", "a.Missing")}
    # A module's __getattr__ answers from outside only.
    assert project.resolve("c.Gone").dead_ends == {DeadEnd("missing name", "c.Missing")}
    assert project.resolve("c.Missing").dead_ends == {DeadEnd("undecidable", "c.Missing")}
    # An attribute is none of the built-in names.
    assert project.resolve("a.ValueError").dead_ends == {DeadEnd("missing name", "a.ValueError")}


@pytest.mark.parametrize("file", ["fast.cpython-313-x86_64-linux-gnu.so", "fast.pyd", "fast.pyx"])
def test_compiled_modules_exist_and_nobody_knows_what_they_hold(tmp_path: Path, file: str) -> None:
    write(
        tmp_path,
        {
            "app/__init__.py": "from .fast import *\nfrom .fast import Known\n",
            f"app/{file}": "",
            "app/gone.py": "from app.nowhere import *\n",
        },
    )
    project = project_at(tmp_path)
    assert project.resolve("app.Known").dead_ends == {DeadEnd("undecidable", "app.fast.Known")}
    assert project.resolve("app.Other").dead_ends == {DeadEnd("undecidable", "app.fast.*")}
    assert project.resolve("app.gone.Other").dead_ends == {
        DeadEnd("missing name", "app.gone.Other")
    }


def test_a_use_sees_what_its_scope_sees(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.py": (
                "class X: ...\n"
                "class C:\n"
                "    class X: ...\n"
                "    def method(self, given):\n"
                "        from b import X as Y\n"
                "        return X\n"
                "class X: ...\n"
            ),
            "b.py": "class X: ...\n",
        },
    )
    project = project_at(tmp_path)
    scopes = {
        (scope.kind, scope.name): n for n, scope in enumerate(project.facts_at("a.py").scopes)
    }
    in_class, in_method = scopes["class", "C"], scopes["function", "method"]
    own, inner = Origin("a.py", "a", "X"), Origin("a.py", "a", "C.X")
    assert project.used("a.py", in_class, "X").origins == {inner}
    # Until C binds its own X there is the module's.
    assert project.used("a.py", in_class, "X", (3, 0)).origins == {own}
    assert project.used("a.py", in_method, "X").origins == {own}
    assert project.used("a.py", in_method, "Y").origins == {Origin("b.py", "b", "X")}
    assert project.used("a.py", 0, "C.X").origins == {inner}
    assert project.used("a.py", in_method, "given.x").dead_ends == {
        DeadEnd("undecidable", "a.given.x")
    }


def test_an_import_that_fails_leaves_the_submodule_in_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pkg/__init__.py": "try:\n    from pkg.manager import manager\n"
            "except ImportError:\n    manager = None\n",
            "pkg/manager.py": "class Manager: ...\n",
        },
    )
    project = project_at(tmp_path)
    assert [origin.dotted for origin in project.resolve("pkg.manager").origins] == ["pkg.manager"]
    assert project.resolve("pkg.manager.Manager").exists
    assert not project.resolve("pkg.manager.manager").exists
