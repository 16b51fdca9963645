"""What the outline of a file says, and that it says no less than Python's own parser finds."""

from __future__ import annotations

import glob
import os
import pickle

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssot_lint.facts import FileFacts, read_facts
from ssot_lint.prefilter.outline import VAGUE, Outliner
from ssot_lint.rules.unresolved_import import _IMPORTERS, _PATCHERS, _PROBES

TOPS = ("shop", "tests")
OUTLINER = Outliner(TOPS)

IMPORTS = [
    ("import shop.a", "shop.a:"),
    ("import os, shop.a as b, shop;x", "shop.a: shop:"),
    ("if x:import shop . a . b", "shop.a.b:"),
    ("from shop.a import b as c, d  # e, f", "shop.a:b shop.a:d"),
    ("from shop import*", "shop:*"),
    ("from shop.a import(b)", "shop.a:b"),
    ("from shop.a import (  # import\n  b,\n\n  # c, (d)\n  e as f,\n)", "shop.a:b shop.a:e"),
    ("from\\\n  shop . \\\n a\\\n import\\\n b, \\\n c", "shop.a:b shop.a:c"),
    ("from shop import (\r\n  b,\r\n  c)\rimport shop.d", "shop.d: shop:b shop:c"),
    ("from.import a", ".:a"),
    ("from . . a.b import c", "..a.b:c"),
    ("from...import c", "...:c"),
    ("from\f. fromage\timport fromage", ".fromage:fromage"),
    ("x = 1; from shop import a; from . import b", ".:b shop:a"),
    ("\ufefffrom shop import a", "shop:a"),
    ("from shop.größe import ä", "shop.größe:ä"),
    ("from shop import gro\u0308ße", "shop:größe"),
    ("# a \\\nfrom shop import b", "shop:b"),
    ("# from shop.a \\\nimport shop.b", "shop.b:"),
    ("lazy from shop import a", "shop:a"),
    ("from .éimport import a", ".éimport:a"),
    (">>> from shop import a", "shop:a"),
    ("import shopping, os.shop", ""),
    ("from os import shop", ""),
    ("# import shop and others, or import\n'from the shop import goods'", ""),
    ("from shop import the goods", ""),
    ("importlib.shop, shop_import", ""),
    ("shop.a('shop.b')", ""),
]
STRINGS = [
    ("patch('shop.a')", "'shop.a"),
    ("@mock.patch . dict(\n  'shop.a:b')", "'shop.a.b"),
    ("(patch  # why\n)('shop.a')", "'shop.a"),
    ("m.setattr('shop.a', 1)", "'shop.a"),
    ("import_module('shop')", '"shop'),
    ("find_spec('shop.a'); patch()", "\"shop.a 'shop.a"),
    ("patch('shop')", ""),
    ("patch('shopping.a', 'os.shop.a', 'in shop.a', 'shop.a b')", ""),
    ("patch.object(x, 'shop.a'); dispatch('shop.a'); setattr(x, 'shop.a')", ""),
    ("patch(u'sh' '''op''' \"\".a\"\" \"\")", ""),
    ("patch(u'sh' '''op''' \"\" r\".a\")", "'shop.a"),
    ("patch('shop.a'\n  # it's\n\n  'bc' \\\n 'd')", "'shop.a 'shop.abc 'shop.abcd"),
    ("patch('sh\\\nop.a')", "'shop.a"),
    ("patch('''shop''''.a')", "'shop.a"),
    ("patch('shop:a.b%s')", "'shop.a"),
    ("patch('shop.' + ('a') + f'.b')", "'shop.a 'shop.a.b"),
    ("patch(('shop.a.b') + name)", "'shop.a 'shop.a.b"),
    ("patch('shop.a.b%s' % c, 'tests.a.{}'.format(b))", "'shop.a 'tests.a"),
    ("patch(f'shop.a.{b}.c', f'shop.b' f'.c{d}')", "'shop.a 'shop.b"),
    ("patch('\\x1b[0m', 'shop.a\\n', 's\\t')", ""),
    ("import_module('.' + name); f('.x')", ""),
]
VAGUELY = [
    ("from shop\0import a", "no text at all"),
    ("# coding: utf-7\nimport os", "an encoding that hides ASCII"),
    ("import \N{FULLWIDTH LATIN SMALL LETTER S}hop", "equal after NFKC"),
    ("x = '#' + \\\n 'y'", "a hash that may begin a comment, which goes on with nothing"),
    ("x = '''\n# '''; from shop \\\n  import a", "a hash that begins no comment"),
    ("x = '" + "." * 10_000 + "'; import shop", "a line that takes long"),
    ("patch('\\x73hop.a')", "an escape"),
    ("patch('sh' 'o\\160.a')", "an octal escape"),
    ("patch('shop.gr\\xf6\\xdfe')", "an escape in a name"),
    ("patch('s'" + " ''" * 100 + ")", "many pieces"),
    ("import_module('.a', 'shop')", "a relative import"),
    ("import_module(package='shop', name=  # why\n '.' + 'a')", "another one"),
]


@pytest.mark.parametrize(("source", "expected"), IMPORTS + STRINGS)
def test_an_outline(source: str, expected: str) -> None:
    assert OUTLINER.outline(source.encode()) == tuple(expected.split())


@pytest.mark.parametrize("source", [pytest.param(s, id=i) for s, i in VAGUELY])
def test_what_bytes_do_not_tell(source: str) -> None:
    assert OUTLINER.outline(source.encode()) == VAGUE


def test_what_is_no_utf_8_is_latin_1() -> None:
    assert OUTLINER.outline(b"x = '\xc3'; import shop.\xaab") == VAGUE


def test_names_beyond_ascii() -> None:
    outliner = Outliner(["größe", "shop"])
    assert outliner.outline(b"import shop") == ("shop:",)
    assert outliner.outline("import größe".encode()) == VAGUE
    assert outliner.outline(b"patch('gr\\xf6\\xdfe.a')") == VAGUE


def test_without_modules_only_relative_imports_count() -> None:
    assert Outliner([]).outline(b"import os\nfrom . import a\npatch('os.path')") == (".:a",)


def test_another_process_does_the_same() -> None:
    text = b"from shop import (\n a)\nimport tests"
    expected = OUTLINER.outline(text)
    sent = pickle.loads(pickle.dumps(OUTLINER))  # noqa: S301
    assert sent.outline(text) == expected == ("shop:a", "tests:")
    assert sent.words == OUTLINER.words != Outliner(["shop"]).words


def said(facts: FileFacts, tops: tuple[str, ...] = TOPS) -> set[str]:
    """The references that a parser finds; one stands for all relative strings."""
    found = {
        f"{'.' * fact.level}{fact.module}:{fact.name or ''}"
        for fact in facts.imports
        if fact.level or fact.module.partition(".")[0] in tops
    }
    for text in facts.texts:
        imported = text.callee.rpartition(".")[2] in _IMPORTERS | _PROBES
        if text.role != "argument" or not (imported or _PATCHERS.fullmatch(text.callee)):
            continue
        if text.value.startswith("."):
            found.add("relative")
        elif text.value.partition(".")[0] in tops and (imported or "." in text.value):
            found.add(('"' if imported else "'") + text.value)
    return found


PATHS = st.lists(
    st.sampled_from(["shop", "a", "fromage", "tests", "größe"]), min_size=1, max_size=3
)


@st.composite
def statements(draw: st.DrawFn) -> str:
    """An import in any layout, which Python's parser accepts."""
    closed = False

    def gap(least: str = "") -> str:
        """What may stand between two tokens, a blank at least if `least` is one."""
        gaps = [least] * 4 + [" ", "\t \f", "\\\n", " \\\n "]
        return draw(st.sampled_from(gaps + ["\n", "\n # a, (b)\n", "# import\\\n"] * closed))

    def dotted() -> str:
        return (gap() + "." + gap()).join(draw(PATHS))

    def alias() -> str:
        return f"{gap(' ')}as{gap(' ')}b" if draw(st.booleans()) else ""

    before = draw(
        st.sampled_from(["", "", "x = 1; ", "if x:", "# x\n", "# from shop \\\n", "#'\n"])
    )
    count = draw(st.integers(1, 3))
    if draw(st.booleans()):
        names = [dotted() + alias() for _ in range(count)]
        return f"{before}import{gap(' ')}{(gap() + ',' + gap()).join(names)}"
    dots = draw(st.sampled_from(["", ".", "..", " . .", "..."]))
    module = (dots or gap(" ")) + (gap() + dotted() + gap(" ") if not dots or count > 1 else gap())
    head = f"{before}from{module}import"
    form = draw(st.sampled_from(["star", "closed", "open"]))
    if form == "star":
        return f"{head}{gap()}*"
    closed = form == "closed"
    names = [draw(st.sampled_from(["a", "fromage", "größe"])) + alias() for _ in range(count)]
    listed = (gap() + "," + gap()).join(names)
    comma = "," if draw(st.booleans()) else ""
    return f"{head}({gap()}{listed}{gap()}{comma}{gap()})" if closed else f"{head} {listed}"


@settings(max_examples=200)
@given(
    st.lists(statements(), min_size=1, max_size=3),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_no_import_is_missing(sources: list[str], line_end: str, encoding: str) -> None:
    data = ("\n".join(sources) + "\n").replace("\n", line_end).encode(encoding)
    facts = read_facts(data)
    assert facts.trouble is None, data
    found = OUTLINER.outline(data)
    assert said(facts) <= set(found) or (found == VAGUE and b"\\" in data)


@st.composite
def arguments(draw: st.DrawFn) -> str:
    """A string that begins as a dotted path may, written in one of the many ways."""
    path = draw(st.sampled_from(["shop.a.fur", "shop", "tests:a.b", ".shop.a", "os.a", "shop.a b"]))
    cuts = sorted(draw(st.lists(st.integers(0, len(path)), max_size=3)))
    pieces = [path[i:j] for i, j in zip([0, *cuts], [*cuts, len(path)], strict=True)]
    escaped = draw(st.booleans())
    spelled = ""
    for number, piece in enumerate(pieces):
        if escaped and piece:
            first = ord(piece[0])
            forms = [f"\\x{first:02x}", f"\\{first:o}", f"\\u{first:04x}", f"\\\n{piece[0]}"]
            piece = draw(st.sampled_from(forms)) + piece[1:]
        prefix = draw(st.sampled_from(["", "", "f", "u", "F" if escaped else "fR"]))
        if "f" in prefix.lower() and not draw(st.integers(0, 2)):
            piece += draw(st.sampled_from(["{x}", "{x}.d", "{{", "{'shop.b'}"]))
        quote = draw(
            st.sampled_from(['"', '"', '"""'] if "'" in piece else ["'", '"', "'''", '"""'])
        )
        joint = draw(
            st.sampled_from([" ", "", "\n", "  # it's\n\n #\n", "\\\n", " + ", "\n+ # \n"])
        )
        spelled += (joint if number else "") + prefix + quote + piece + quote
    shapes = ["{}"] * 3 + ["({})", "{} + x", "({}\n) + '.d'", "'' + {}", "{} + ('.d' 'e')"]
    shapes += ["({}) % x", "'%s' + {}", "({} '%s') % x", "({} '.d{{}}').format(x)", "x + {}"]
    return draw(st.sampled_from(shapes)).replace("{}", spelled).replace("{{}}", "{}")


PATCHING = ["patch", "mock . patch", "patch.multiple", "x.setattr", "x.delattr", "f"]
IMPORTING = ["__import__", "importlib.import_module", "(find_spec)", "pytest.importorskip"]


@given(
    st.sampled_from(PATCHING + IMPORTING),
    st.sampled_from(["", "\n", "# it's\n", "name=", "y, "]),
    arguments(),
)
@example("patch", "", "'a''''shop.b'")
@example("patch", "", "'''a''''shop.b'")
@example("patch", "", "'shop''''''.a'")
@example("patch", "", "'s' ''\\\n'hop.a'")
@example("patch", "", "'\\\nsh\\\nop.a'")
@example("patch", "", "f\"{x['shop.b']}\"")
def test_no_string_is_missing(callee: str, before: str, argument: str) -> None:
    data = f"{callee}({before}{argument})\n".encode()
    facts = read_facts(data)
    if facts.trouble is not None:  # a prefix that Python 3.11 does not know, quotes in a row
        return
    expected, found = said(facts), OUTLINER.outline(data)
    assert expected <= set(found) or found == VAGUE, data
    # Where nothing is hidden, and nothing relative, nothing is vague.
    assert found != VAGUE or "\\" in argument or callee in IMPORTING, data


LIBRARY = os.path.dirname(os.__file__)
MODULES = tuple(sorted(name.removesuffix(".py") for name in os.listdir(LIBRARY) if "-" not in name))


def test_the_standard_library() -> None:
    outliner = Outliner(MODULES)
    vague = references = 0
    paths = glob.glob(f"{LIBRARY}/*.py") + glob.glob(f"{LIBRARY}/[ei]*/**/*.py", recursive=True)
    for path in sorted(paths)[::8]:
        with open(path, "rb") as file:
            data = file.read()
        facts, found = read_facts(data), outliner.outline(data)
        if found == VAGUE:
            vague += 1
        elif facts.trouble is None:
            expected = said(facts, MODULES)
            assert expected <= set(found), path
            references += len(expected)
    assert references > 200
    assert vague <= 2
