"""What restricted-import says beside its violations, and which files it need not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ssot_lint.config import load
from ssot_lint.errors import ConfigError
from ssot_lint.model import Report
from ssot_lint.patterns import Words
from tests.kinds.running import check

HEAD = "ssot-lint: 1\nrules:\n  - {name: x, kind: restricted-import, reason: R."


def run(folder: Path, options: str, files: dict[str, str], prefilter: bool = True) -> Report:
    return check(folder, f"{HEAD}, {options}}}\n", files, prefilter=prefilter)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ("", "3:5: x: one of 'modules' and 'modules_in' is required"),
        (", allow: [a]", "3:5: x: one of 'modules' and 'modules_in' is required"),
        (
            ", modules: [a], type_checking: never",
            "3:66: x: expected allowed or forbidden, found 'never'",
        ),
        (", modules_in: []", "3:52: x: an empty list says nothing; leave the key out"),
    ],
)
def test_options_that_say_nothing(options: str, fault: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(f"{HEAD}{options}}}\n", "rules.yaml", root="/")
    assert caught.value.lines == (f"rules.yaml:{fault}",)


def test_what_is_said_of_idle_entries(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        "modules: [shop.cart, shop.gone, shop.cart.Gone, shop.cart.Cart, lib.gone, 'shop.g*'],"
        " modules_in: ['!kit/', lib/], allow: [shop.cart.Cart, shop.cart.X, 'lib.*']",
        {
            "shop/cart.py": "class Cart: ...\n",
            "kit/x.py": "",
            "use.py": "from shop.cart import Cart\nfrom lib.gone import X\n",
        },
    )
    assert report.violations == ()
    assert [(n.topic, n.line, n.message) for n in report.notes] == [
        ("idle", 3, "allow: 'shop.cart.X' excepts nothing: no such import is caught"),
        ("idle", 3, "modules: 'shop.cart.Gone' does not exist below the roots"),
        ("idle", 3, "modules: 'shop.gone' does not exist below the roots"),
        ("idle", 3, "modules_in: 'lib/' matches no file"),
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("modules: [docker, unittest.mock]", Words.of({"docker"}, {"mock"})),
        ("modules: ['a.*b*c', '**.x**yz']", Words.of({"b", "c"}, {"yz"})),
        ("modules: [A.B], ignore_case: true", Words.of({"b"}, ignore_case=True)),
        ("modules: [docker, 'a.**']", None),
        ("modules: ['a.b**']", None),
        ("modules: [docker], modules_in: [x.py]", None),
    ],
)
def test_the_words_of_files_worth_reading(options: str, words: Words | None) -> None:
    found = load(f"{HEAD}, {options}}}\n", "rules.yaml", root="/").rules[0].words()
    assert (found and found.clues) == (words and words.clues)
    assert found is None or (found.stars and found.ignore_case == words.ignore_case)  # type: ignore[union-attr]


def test_a_file_that_does_not_parse_is_reported_if_it_spells_the_name(tmp_path: Path) -> None:
    files = {"a.py": "import docker (\n", "b.py": "import dock (\n"}
    report = run(tmp_path, "modules: [docker]", files)
    assert [(v.path, v.code) for v in report.violations] == [("a.py", "SOT001")]


PARTS = ("app", "impl", "Impl", "x", "impl_x", "other")
PATTERNS = st.lists(
    st.sampled_from([*PARTS, "*", "**", "*mpl*", "i**x", "x**"]), min_size=1, max_size=3
)
PATHS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(".".join)
IMPORTS = st.one_of(
    PATHS.map("import {}".format),
    PATHS.map("import {} as y".format),
    st.tuples(st.sampled_from(["", ".", "..", "..."]), PATHS, st.sampled_from([*PARTS, "*"])).map(
        lambda three: "from {}{} import {}".format(*three)
    ),
    st.tuples(st.sampled_from([".", "..", "..."]), st.sampled_from([*PARTS, "*"])).map(
        lambda two: "from {} import {}".format(*two)
    ),
)
PLACES = (
    "app/x.py",
    "app/impl/x.py",
    "app/impl_x/a-b.py",
    "app/__init__.py",
    "app/x/impl/x.py",
    "use.py",
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    PATTERNS.map(".".join),
    st.booleans(),
    st.dictionaries(st.sampled_from(PLACES), st.lists(IMPORTS, max_size=3), max_size=3),
)
@example("i**x", False, {"app/impl/x.py": ["from . import x"]})
@example(
    "app.impl", False, {"app/x.py": ["from . import *"], "app/__init__.py": ["from x import impl"]}
)
@example("app.impl", True, {"app/x.py": ["from .Impl import x"]})
def test_the_files_that_are_not_read_hold_nothing(
    tmp_path: Path, pattern: str, ignore_case: bool, sources: dict[str, list[str]]
) -> None:
    files = {place: "\n".join(sources.get(place, [])) + "\n" for place in PLACES}
    options = f"modules: ['{pattern}'], ignore_case: {str(ignore_case).lower()}"
    reports = [run(tmp_path, options, files, prefilter=each) for each in (True, False)]
    assert reports[0].violations == reports[1].violations
