"""Which names modules have, held against Python: the same small packages are really imported."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssot_lint.project import DeadEnd
from tests.project.test_resolver import COUNTER, importable, project_at, write

NAMES = ("A", "B", "_C", "part", "sub", "late")
MODULES = ("", "a", "b", "sub", "sub.part")
PATHS = {
    "": "__init__.py",
    "a": "a.py",
    "b": "b.py",
    "sub": "sub/__init__.py",
    "sub.part": "sub/part.py",
}

_later = st.sampled_from(MODULES)
BINDINGS = st.one_of(
    st.sampled_from(NAMES).map(lambda name: f"{name} = 1"),
    st.sampled_from(NAMES).map(lambda name: f"def {name}(): ..."),
    st.sampled_from(NAMES).map(lambda name: f"class {name}: ..."),
    st.sampled_from(NAMES).map(lambda name: f"import json as {name}"),
    st.sampled_from(NAMES).map(lambda name: f"for {name} in (1,): ..."),
    st.sampled_from(NAMES).map(lambda name: f"if ({name} := 1): ..."),
    st.sampled_from(NAMES).map(lambda name: f"({name}, *_rest) = (1, 2)"),
    st.sampled_from(NAMES).map(lambda name: f"def f():\n    global {name}\n    {name} = 1\nf()"),
    st.sampled_from(NAMES).map(lambda name: f"def f():\n    {name} = 1\nf()"),
    st.sampled_from(NAMES).map(lambda name: f"class K:\n    {name} = 1"),
)
EXPORTS = st.none() | st.lists(st.sampled_from(NAMES), max_size=2)


@settings(max_examples=100, deadline=None)
@given(st.data())
@example(None)
def test_a_name_is_missing_if_python_cannot_import_it(data: st.DataObject | None) -> None:
    """Every module may take all names of the modules after it, so that no import runs in circles."""
    package = f"ssot_names_{next(COUNTER)}"
    sources = {}
    for index, module in enumerate(MODULES):
        lines = data.draw(st.lists(BINDINGS, max_size=3)) if data else ["A = 1"]
        for star in MODULES[index + 1 :]:
            # A package on the way is half imported when its submodule is; it is asked for nothing.
            if module.partition(".")[0] != star and (data is None or data.draw(st.booleans())):
                lines.insert(0, f"from {package}.{star} import *")
        sources[f"{package}/{PATHS[module]}"] = "\n".join(lines) + "\n"
    with importable(package) as root:
        write(root, sources)
        project = project_at(root)
        for module in MODULES:
            dotted = f"{package}.{module}".rstrip(".")
            importlib.import_module(dotted)
            for name in NAMES:
                missing = DeadEnd("missing name", f"{dotted}.{name}")
                answer = project.names.lack(dotted, name)
                assert answer in (None, missing)
                if _imports(dotted, name):
                    assert answer is None, (dotted, name, sources)
                else:
                    assert answer == missing or _loads_late(sources, name)


def _imports(module: str, name: str) -> bool:
    """Whether ``from module import name`` works."""
    if hasattr(sys.modules[module], name):
        return True
    try:
        importlib.import_module(f"{module}.{name}")
    except ImportError:
        return False
    return True


def _loads_late(sources: dict[str, str], name: str) -> bool:
    """Whether a star may bring a submodule that another order of imports would have loaded."""
    return name in ("part", "sub") and "import *" in "".join(sources.values())


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def __getattr__(name): ...\n", "undecidable"),
        ("from lib import __getattr__\n", "undecidable"),
        ("from lib import *\n", "outside"),
        ("if x:\n    from lib import *\n", "outside"),
        ("from pkg.gone import *\n", "undecidable"),
        ("from pkg.broken import *\n", "unreadable"),
        ("from pkg.lists import *\n", "undecidable"),
        ("def f():\n    globals()['X'] = 1\n", "undecidable"),
        ("vars().update(X=1)\n", "undecidable"),
        ("locals()['X'] = 1\n", "undecidable"),
        ("exec('X = 1')\n", "undecidable"),
        ("import sys\nsetattr(sys.modules[__name__], 'X', 1)\n", "undecidable"),
        ("import sys as _sys\n_sys.modules[__name__] = 1\n", "undecidable"),
        ("import lib\nlib.install(__name__)\n", "undecidable"),
        ("from lib import install\ninstall('x', module=__name__)\n", "undecidable"),
        ("__path__ = []\n", "undecidable"),
        ("__path__.append('x')\n", "undecidable"),
        ("import lib\nlog = lib.getLogger(__name__)\n", "missing name"),
        ("def f():\n    locals()\n    vars()\n    exec('')\n", "missing name"),
        ("def f():\n    lib.install(__name__)\n", "missing name"),
        ("import system\nsystem.modules\n", "missing name"),
        ("import sys\nsys.path\n", "missing name"),
        ("from pkg.lazy import *\n", "missing name"),
        ("def f():\n    from lib import *\n", "missing name"),
        ("class C:\n    def __getattr__(self, name): ...\n", "missing name"),
        ("from lib import X\n", None),
        ("X: int\n", None),
        ("try:\n    import X\nexcept ImportError:\n    pass\n", None),
    ],
)
def test_what_may_bind_a_name_that_nobody_spells(
    source: str, why: str | None, tmp_path: Path
) -> None:
    write(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/m.py": source,
            "pkg/lists.py": "__all__ = [*dir()]\n",
            "pkg/lazy.py": "def __getattr__(name): ...\n",
            "pkg/broken.py": "def (:\n",
        },
    )
    project = project_at(tmp_path)
    answer = project.names.lack("pkg.m", "X")
    assert (answer and answer.why) == why
    assert project.unreadable == ({"pkg/broken.py"} if why == "unreadable" else frozenset())


def test_where_the_trail_of_a_name_ends(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/stars.py": "from pkg.more import *\nfrom pkg.more import *\n",
            "pkg/more.py": "from lib.sub import *\nfrom pkg.stars import *\n",
            "folder/x.py": "",
        },
    )
    names = project_at(tmp_path).names
    assert names.lack("pkg.stars", "X") == DeadEnd("outside", "lib.sub.*")
    assert names.lack("pkg.gone", "X") == DeadEnd("missing module", "pkg.gone")
    assert names.lack("lib.sub", "X") == DeadEnd("outside", "lib.sub")
    assert names.lack("folder", "x") is None
    assert names.lack("folder", "y") == DeadEnd("missing name", "folder.y")


def test_stubs_describe_what_has_no_source_and_tell_types_of_what_has(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/both.py": "",
            "pkg/both.pyi": "X: int\n",
            "pkg/alone.pyi": "X: int\n",
        },
    )
    project = project_at(tmp_path)
    assert project.stub_of("pkg.both") == "pkg/both.pyi"
    assert project.stub_of("pkg.alone") is None
    assert project.stub_of("pkg") is None
    assert project.stub_of("pkg.gone") is None
    names = project.names
    assert names.lack("pkg.both", "X") == DeadEnd("missing name", "pkg.both.X")
    assert names.lack("pkg.both", "X", True) is None
    assert names.lack("pkg.both", "Y", True) == DeadEnd("missing name", "pkg.both.Y")
    assert names.lack("pkg.alone", "X") is None
    assert names.lack("pkg.alone", "Y") == DeadEnd("undecidable", "pkg.alone.Y")


@pytest.mark.parametrize(
    ("file", "compiled"),
    [
        ("pkg/fast.so", True),
        ("pkg/fast.abi3.so", True),
        ("pkg/fast.cpython-313-x86_64-linux-gnu.so", True),
        ("pkg/fast.cp313-win_amd64.pyd", True),
        ("pkg/fast.pyx", True),
        ("pkg/faster.so", False),
        ("pkg/fast.txt", False),
        ("pkg/fast.py", False),
        ("fast.so", False),
    ],
)
def test_modules_that_are_compiled(file: str, compiled: bool, tmp_path: Path) -> None:
    write(tmp_path, {"src/pkg/__init__.py": "", f"src/{file}": ""})
    project = project_at(tmp_path, ("src",))
    assert project.is_compiled("pkg.fast") is compiled
    assert not project.is_compiled("fast") or file == "fast.so"
    there = project.names.lack("pkg", "fast") is None
    assert there is (compiled or file == "pkg/fast.py")
