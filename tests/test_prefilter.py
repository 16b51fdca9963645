"""The pre-filter passes over a file only if parsing it would have found nothing."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ssot_lint.config import Config, load
from ssot_lint.engine import Request, lint
from ssot_lint.model import SourceFile
from ssot_lint.patterns import Words
from ssot_lint.prefilter import EXPRESSIONS as DEEP
from ssot_lint.prefilter import NOTHING, Prefilter, Sieve, Want
from ssot_lint.prefilter import STATEMENTS as SHALLOW
from ssot_lint.prefilter.encodings import altered

FILE = SourceFile("a.py", "a", "")
RULES = """\
ssot-lint: 1
rules:
  - name: old-path
    kind: legacy-import
    reason: Moved.
    moved: {shop.old_cart: shop.new, shop.Basket: shop.new.Basket}
  - {name: old-string, kind: legacy-reference, reason: Moved., of: old-path}
  - name: second-thing
    kind: duplicate-definition
    reason: One.
    home: shop.new.Thing
    classes: ["*Thing*"]
    ignore_case: true
  - {name: other-thing, kind: divergent-name, reason: One., names: [Thing], home: shop.new.Thing}
"""
TREE = {
    "shop/__init__.py": "from shop.new import Basket, Thing\n",
    "shop/new.py": "class Thing: ...\nclass Basket: ...\n",
    "shop/stars.py": "from shop.other import *\n",
    "shop/other.py": "class Thing: ...\n",
    "kit.py": "class Thing: ...\n",
    "shop/old_cart/__init__.py": "from . import part\nfrom .part import X\n",
    "shop/old_cart/part.py": "from . import *\nfrom .. import new\n",
}

VISITED = [
    (b"import shop.old_cart", "the word"),
    (b"import shop . \\\n old_cart", "spread over lines"),
    ("import shop.\N{FULLWIDTH LATIN SMALL LETTER O}ld_cart".encode(), "equal after NFKC"),
    ("# coding: latin-1\nimport shop.\xaald_cart".encode("latin-1"), "in another encoding"),
    (b"import shop.old_cart \xff", "no valid UTF-8"),
    ("import shop.old_cart".encode("utf-16"), "UTF-16"),
    (b"# coding: utf-7\nimport shop.+AG8-ld_cart", "an encoding that hides ASCII"),
    (
        b"# coding: utf-7\n# coding: utf-8\nimport shop.+AG8-ld_cart",
        "the first one declared counts",
    ),
    (b"x = '\xc3'; import shop.\xaald_cart", "bytes that only look like UTF-8 without the others"),
    (b"#\r#\r#\r# coding: utf-7\nx", "declared where Python still looks"),
    (b"from shop.other import *", "a star import"),
    (b"from shop.other import\\\n \t*", "a star import in pieces"),
    (b"x = 'shop.old_c\\x61rt'", "an escape in a string"),
    (b"x = 'shop.old_c\\141rt'", "an octal escape"),
    (b"x = 'shop.\\N{LATIN SMALL LETTER O}ld_cart'", "a named escape"),
    (b"x = 'shop.old_\\\ncart'", "a string over two lines"),
    (b"x = 'shop.old_' 'cart'", "implicit concatenation"),
    (b"x = 'shop.o' 'ld_c' \"\" rb'''art'''", "in many pieces of many kinds"),
    (b"x = 'shop.old_ca' 'r' 't'", "pieces that look like prefixes"),
    (b"x = 'shop.old_c' r'ar' u'' 't'", "prefixes, and nothing"),
    (b"x = ('shop.old_'  # why\n\n  # not\n f'cart')", "around comments"),
    (b"x = ('a#b' 'shop.old_'\n # it's\n 'cart')", "around comments, after a literal with a hash"),
    (b"class SOMETHINGElse: ...", "where case does not count"),
]
PASSED_OVER = [
    (b"", "nothing"),
    (b"import shop.new", "other words"),
    (b"import shop.OLD_CART", "where case counts"),
    ("x = 'größe' # \N{PARTY POPPER}".encode(), "letters that are no ASCII and become none"),
    (b"x = 'x' 'y' '\\n' \"\\033[0m\"", "strings in pieces that are no words"),
    (b'"""Docs."""\nx = {"k": "v"}  # note\n', "strings as usual"),
    (b"y = a * b", "a star that imports nothing"),
]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    for path, text in TREE.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return load(RULES, str(tmp_path / "rules.yaml"))


def prefilter(config: Config) -> Prefilter:
    return Prefilter([words for rule in config.rules if (words := rule.words())])


@pytest.mark.parametrize("data", [pytest.param(d, id=i) for d, i in VISITED])
def test_visits(data: bytes, config: Config) -> None:
    assert prefilter(config).visits(FILE, data)


@pytest.mark.parametrize("data", [pytest.param(d, id=i) for d, i in PASSED_OVER])
def test_passes_over(data: bytes, config: Config) -> None:
    assert not prefilter(config).visits(FILE, data)


def test_relative_imports_in_a_package_that_is_a_target_need_not_spell_it(config: Config) -> None:
    inside = SourceFile("shop/old_cart/deep/x.py", "shop.old_cart.deep.x", "shop.old_cart.deep")
    assert prefilter(config).visits(inside, b"from . import part")
    assert prefilter(config).visits(inside._replace(package="shop.old_cart"), b"")
    assert not prefilter(config).visits(inside._replace(package="shop"), b"")
    assert not prefilter(config).visits(inside._replace(package="shop2.old_cart"), b"")
    assert not prefilter(config).visits(inside._replace(package=None), b"")


def test_a_sieve_tells_who_wants_a_file_and_how_deep() -> None:
    inside = SourceFile("shop/a.py", "shop.a", "shop")
    sieve = Sieve(
        [
            Want(Words.of({"old"}), DEEP),
            Want(replace(Words.of({"old"}, place="import"), stars=True), SHALLOW),
            Want(Words.of({"old"}, {"new"}), SHALLOW),
            Want(replace(Words.of({"odd"}), packages=frozenset({"shop"})), DEEP),
            Want(replace(Words.of({"odd"}), strings=True), SHALLOW),
            Want(Words(), DEEP),
        ]
    )
    assert sieve.all == 0b111111
    for text, wanted, depth in (
        (b"x = 'old'", 0b000101, DEEP),
        (b"import old", 0b000111, DEEP),
        (b"from m import *", 0b000010, SHALLOW),
        (b"new", 0b000100, SHALLOW),
        (b"odd", 0b011000, DEEP),
        (b"x = 'o' 'dd'", 0b010000, SHALLOW),
        (b"import any", 0, NOTHING),
        (b"# coding: utf-7\n", 0b011111, DEEP),
    ):
        assert (sieve.text(text), sieve.depth(wanted)) == (wanted, depth)
    assert sieve.place(inside) == 0b001000
    assert sieve.place(FILE) == 0
    everywhere = Sieve([Want(Words.of({"old"}), DEEP), Want(None, SHALLOW)])
    assert everywhere.place(FILE) == 0b10
    assert everywhere.text(b"old") == 0b01


def test_rules_that_need_no_text_visit_nothing() -> None:
    assert not Prefilter([Words()]).visits(FILE, b"# coding: utf-7\n")


def test_words_beyond_ascii_are_never_taken_for_absent() -> None:
    words = Prefilter([replace(Words.of({"größe"}), strings=True)])
    decomposed = unicodedata.normalize("NFD", "import größe")
    assert words.visits(FILE, decomposed.encode())
    assert words.visits(FILE, b"x = 'a.gr\\xf6\\xdfe'")
    assert not words.visits(FILE, b"import grosse")


def test_where_case_does_not_count_it_does_not_in_pieces_of_strings_either() -> None:
    folded = Prefilter([replace(Words.of({"started"}, ignore_case=True), strings=True)])
    exact = Prefilter([replace(Words.of({"started"}), strings=True)])
    for text in (b"x = 'STAR' 'TED'", b"x = 'Star\\\nted'", b"x = ('sTar'  # not\n 'tED')"):
        assert folded.visits(FILE, text)
    assert not folded.visits(FILE, b"x = 'STAR' 'S'")
    assert not exact.visits(FILE, b"x = 'STAR' 'TED'")
    assert exact.visits(FILE, b"x = 'star' 'ted'")


def test_every_character_that_becomes_ascii_is_known() -> None:
    assert altered() == {
        char
        for char in map(chr, range(0x80, sys.maxunicode + 1))
        if any(c.isascii() and f"_{c}".isidentifier() for c in unicodedata.normalize("NFKC", char))
    }


WORDS = ["shop", "old_cart", "Basket", "Thing", "new", "other", "stars", "X", "_", "bigTHINGs"]
SPELLED = st.sampled_from(
    [*WORDS, "\N{FULLWIDTH LATIN SMALL LETTER O}ld_cart", "old_c\N{FEMININE ORDINAL INDICATOR}rt"]
)
DOTTED = (
    st.lists(SPELLED, min_size=1, max_size=3)
    .map(lambda parts: st.sampled_from([".", " . ", ".\\\n"]).map(lambda dot: dot.join(parts)))
    .flatmap(lambda strategy: strategy)
)


@st.composite
def literals(draw: st.DrawFn) -> str:
    """A string literal of a dotted path, spelled in one of the many ways."""
    text = "shop." + draw(st.sampled_from(["old_cart.X", "Basket", "old_cart", "new.X"]))
    pieces, rest = [], text
    for _ in range(draw(st.integers(0, 3))):
        cut = draw(st.integers(0, len(rest)))
        pieces.append(rest[:cut])
        rest = rest[cut:]
    pieces.append(rest)
    spelled = []
    for piece in pieces:
        out = ""
        for char in piece:
            out += draw(
                st.sampled_from(
                    [char] * 12
                    + [
                        f"\\x{ord(char):02x}",
                        f"\\u{ord(char):04x}",
                        "\\\n" + char,
                        f"\\{ord(char):03o}",
                    ]
                )
            )
        quote = draw(st.sampled_from(["'", '"', '"""', "'''"]))
        prefix = draw(st.sampled_from(["", "", "", "f", "U"]))
        spelled.append(f"{prefix}{quote}{out}{quote}")
    gap = draw(st.sampled_from([" ", "", "\n", "  # it's\n", "\n\n # a\n\n", " \\\n "]))
    return f"({gap.join(spelled)})"


STATEMENTS = st.one_of(
    DOTTED.map(lambda path: f"import {path}\n"),
    st.tuples(DOTTED, SPELLED).map(lambda two: f"import {two[0]} as {two[1]}\n"),
    st.tuples(st.sampled_from(["", ".", "..", " . "]), DOTTED, SPELLED).map(
        lambda three: f"from {three[0]}{three[1]} import {three[2]}\n"
    ),
    st.tuples(
        st.sampled_from([".", "..", "kit", "shop", "shop.other", ".stars"]),
        st.sampled_from([" *", "*", "\\\n*"]),
    ).map(lambda two: f"from {two[0]} import{two[1]}\n"),
    SPELLED.map(lambda name: f"class {name}: ...\n"),
    st.tuples(SPELLED, SPELLED).map(lambda two: f"{two[0]} = {two[1]}\n"),
    SPELLED.map(lambda name: f"import shop\nshop.{name}.X\n"),
    literals().map(lambda text: f"x = {text}\n"),
    literals().map(lambda text: f"patch({text})\n"),
    st.sampled_from(
        [
            "def (\n",
            "# größe\n",
            "x = '\\033[1m'\n",
            "import os  # noqa: SOT102\n",
            "# ssot: allow x\n",
        ]
    ),
)
PLACES = ["use.py", "shop/use.py", "shop/old_cart/use.py", "tests/use.py", "od-d.py"]
ENCODINGS = ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-7", "cp1252"]


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(PLACES), st.lists(STATEMENTS, max_size=4).map("".join), max_size=3
    ),
    st.sampled_from(ENCODINGS),
    st.booleans(),
)
@example({"use.py": "x = ('shop.old_'  # it's\n 'cart.X')\n"}, "utf-8", False)
@example({"use.py": "from kit import *\n"}, "utf-8", False)
@example({"shop/old_cart/use.py": "from . import Y\n"}, "utf-8", False)
def test_neither_it_nor_the_cache_changes_what_is_found(
    config: Config, files: dict[str, str], encoding: str, declared: bool
) -> None:
    root = Path(config.root)
    for path in PLACES:
        (root / path).unlink(missing_ok=True)
    for path, text in files.items():
        cookie = f"# coding: {encoding}\n" if declared else ""
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes((cookie + text).encode(encoding, "replace"))
    slow = Request(use_baseline=False, statistics=True, prefilter=False)
    expected = lint(config, slow)._replace(broken=())
    cached = slow._replace(prefilter=True, cache=str(root / ".cache"), always_cache=True)
    assert lint(config, slow._replace(prefilter=True)) == expected
    # With what earlier examples left in the cache, and with what this one did.
    assert lint(config, cached) == expected
    assert lint(config, cached) == expected
    assert lint(config, cached._replace(prefilter=False))._replace(broken=()) == expected


@given(st.sampled_from(["größe", "ß \N{PARTY POPPER}", "é"]), st.booleans())
def test_what_a_broken_file_mentions_is_visited(letters: str, legacy: bool) -> None:
    """Or `unreadable-file` would depend on how files are read."""
    words = Prefilter([Words.of({"old_cart"}, place="import")])
    text = f"x = '{letters}' (\n" + ("import old_cart" if legacy else "old_cart = 1")
    assert words.mentions(text.encode()) == legacy == words.may_hold(text.encode())
