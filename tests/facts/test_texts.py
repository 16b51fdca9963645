"""Strings that look like dotted paths, and where they stand."""

from __future__ import annotations

import pytest

from ssot_lint.facts import Text
from tests.facts.reading import facts, flags, text_at


def texts(source: str) -> list[tuple[str, str]]:
    return [(item.value, item.role) for item in facts(source).texts]


def test_a_patch_target_with_its_callee_and_place() -> None:
    source = '@mock.patch(u"a.b.C", new=x)\ndef f(): pass\n'
    assert facts(source).texts == (
        Text(1, 13, 1, 21, 0, 0, "a.b.C", False, "argument", "mock.patch", ""),
    )


@pytest.mark.parametrize(
    ("value", "path"),
    [
        pytest.param('"a.b"', "a.b", id="two components"),
        pytest.param("'_a1.b_2.C'", "_a1.b_2.C", id="identifiers"),
        pytest.param('r"a.b"', "a.b", id="raw"),
        pytest.param('"""a.b"""', "a.b", id="triple quotes"),
        pytest.param('"a." "b"', "a.b", id="implicit concatenation"),
        pytest.param('("a."\n  "b")', "a.b", id="over lines"),
        pytest.param('"a." + "b"', "a.b", id="constant sum"),
        pytest.param('f"a.b"', "a.b", id="f-string without placeholders"),
        pytest.param('"\\x61.b"', "a.b", id="escapes"),
        pytest.param('"a.b:C"', "a.b.C", id="entry point"),
        pytest.param('"a.b:C.d"', "a.b.C.d", id="entry point to an attribute"),
        pytest.param('"rules.yaml"', "rules.yaml", id="a file name may look like one"),
        pytest.param('"é.ü"', "é.ü", id="other alphabets"),
        pytest.param('"a"', None, id="one component"),
        pytest.param('"a.b c"', None, id="a blank"),
        pytest.param('"a.b\\n"', None, id="a line end"),
        pytest.param('".a.b"', None, id="relative"),
        pytest.param('"a.b."', None, id="a last dot"),
        pytest.param('"a..b"', None, id="an empty component"),
        pytest.param('"a.2"', None, id="a number"),
        pytest.param('"a-b.c"', None, id="a hyphen"),
        pytest.param('"a.b:c:d"', None, id="two colons"),
        pytest.param('"a.b/c"', None, id="a slash"),
        pytest.param('b"a.b"', None, id="bytes"),
        pytest.param('"from a.b import c"', None, id="code"),
    ],
)
def test_what_looks_like_a_path(value: str, path: str | None) -> None:
    source = f"x = [{value}]\n"
    found = facts(source).texts
    assert [item.value for item in found] == ([] if path is None else [path])
    assert [item.open_ended for item in found] == [False] * len(found)
    if found:
        assert text_at(source, found[0]) == value.strip("()")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        pytest.param('f"a.b.{x}"', "a.b", id="f-string"),
        pytest.param('f"a.b.{x}.d"', "a.b", id="with a tail"),
        pytest.param('f"a.b.c{x}"', "a.b", id="an incomplete component goes"),
        pytest.param('f"a.b:{x}"', "a.b", id="entry point"),
        pytest.param('f"a.b.{x!r:>{w}}"', "a.b", id="conversion"),
        pytest.param('"a.b.%s"', "a.b", id="percent"),
        pytest.param('"a.b.%(x)s.c"', "a.b", id="named percent"),
        pytest.param('"a.b.%s" % x', "a.b", id="percent, applied"),
        pytest.param('"a.b.{}"', "a.b", id="braces"),
        pytest.param('"a.b.{x.y}"', "a.b", id="named braces"),
        pytest.param('"a.b.{}".format(x)', "a.b", id="braces, applied"),
        pytest.param('"a.b." + x', "a.b", id="sum"),
        pytest.param('"a." + "b." + x + ".c"', "a.b", id="long sum"),
        pytest.param('f"a.{x}"', None, id="too short"),
        pytest.param('f"a.b{x}"', None, id="too short when cut"),
        pytest.param('f"{x}.a.b"', None, id="no beginning"),
        pytest.param('f"a.b.{x} is gone"', None, id="free text"),
        pytest.param('f"see a.b.{x}"', None, id="free text before"),
        pytest.param('f"a.b-{x}"', None, id="no component"),
        pytest.param('f"a.b.{{{x}}}"', None, id="a brace"),
        pytest.param('"a.b.%s is gone"', None, id="a sentence"),
        pytest.param('"a.b-c.%s"', None, id="a hyphen"),
        pytest.param('"a.b.%d%%"', None, id="a percent sign"),
        pytest.param('x + "a.b.c"', None, id="the end of a sum"),
        pytest.param('"a.b." * 2', "", id="another operator"),
    ],
)
def test_of_templates_only_the_constant_beginning_is_known(value: str, path: str | None) -> None:
    found = facts(f"x = {value}\n").texts
    assert [item.value for item in found] == ([path] if path else [])
    assert all(item.open_ended for item in found)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ('f"a.b.{x}"', 'f"a.b.{x}"'),
        ('"a.b.%s" % x', '"a.b.%s"'),
        ('"a.b.{}".format(x)', '"a.b.{}"'),
        ('"a.b." + x', '"a.b."'),
        ('"a." + "b.c"', '"a." + "b.c"'),
    ],
)
@pytest.mark.parametrize("around", ["x = {}\n", "patch({})\n", "f(k={})\n", "del x[{}]\n"])
def test_the_place_of_a_text_is_its_string(value: str, place: str, around: str) -> None:
    source = around.replace("{}", value)
    (found,) = facts(source).texts
    assert text_at(source, found) == place


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('"a.b"', [], id="a bare string"),
        pytest.param('def f():\n "a.b"', [], id="a docstring"),
        pytest.param('f"a.b.{x}"', [], id="a bare f-string"),
        pytest.param('"a.b",', [("a.b", "other")], id="a bare tuple is no string"),
        pytest.param('x = "a.b"', [("a.b", "other")], id="assigned"),
        pytest.param('X = {"a.b": "c.d"}', [("a.b", "other"), ("c.d", "other")], id="dictionary"),
        pytest.param('return_("a.b")', [("a.b", "argument")], id="argument"),
        pytest.param('f(*["a.b"])', [("a.b", "other")], id="inside an argument"),
        pytest.param('f(x, k="a.b")', [("a.b", "argument")], id="keyword argument"),
        pytest.param('f(**{"k": "a.b"})', [("a.b", "other")], id="starred keywords"),
        pytest.param(
            'x: "a.b" = "c.d"', [("a.b", "annotation"), ("c.d", "other")], id="annotation"
        ),
        pytest.param(
            'def f(x: "a.b", *y: "c.d", z="e.f") -> "g.h": pass',
            [("a.b", "annotation"), ("c.d", "annotation"), ("e.f", "other"), ("g.h", "annotation")],
            id="signature",
        ),
        pytest.param('x: List["a.b"]', [("a.b", "annotation")], id="inside an annotation"),
        pytest.param('x: Literal["a.b"]', [("a.b", "other")], id="a literal type is a value"),
        pytest.param('x: t.Literal["a.b"]', [("a.b", "other")], id="a dotted literal type"),
        pytest.param('x: Annotated[T, f("a.b")]', [("a.b", "argument")], id="a call in one"),
        pytest.param('x["a.b"]', [("a.b", "other")], id="a key of something else"),
        pytest.param('@d("a.b")\nclass C: pass', [("a.b", "argument")], id="decorator"),
        pytest.param('x = lambda: "a.b"', [("a.b", "other")], id="lambda"),
        pytest.param('x = ["a.b" for y in z]', [("a.b", "other")], id="comprehension"),
        pytest.param("x = f\"{f('a.b')}\"", [("a.b", "argument")], id="inside an f-string"),
        pytest.param('match x:\n case "a.b": pass', [("a.b", "other")], id="pattern"),
    ],
)
def test_roles(source: str, expected: list[tuple[str, str]]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('sys.modules["a"]', ["a"], id="item"),
        pytest.param('del sys.modules["a.b"]', ["a.b"], id="deleted item"),
        pytest.param('_sys.modules["a"] = x', ["a"], id="assigned item"),
        pytest.param('sys.modules[f"a.{x}"]', ["a"], id="template"),
        pytest.param('sys.modules.pop("a", None)', ["a"], id="pop"),
        pytest.param('sys.modules.get("a")', ["a"], id="get"),
        pytest.param('sys.modules.setdefault("a", "b.c")', ["a"], id="setdefault"),
        pytest.param('sys.modules.__contains__("a")', ["a"], id="contains"),
        pytest.param('sys.modules.update({"a": x, **y})', ["a"], id="update"),
        pytest.param('"a" in sys.modules', ["a"], id="in"),
        pytest.param('"a" not in sys.modules', ["a"], id="not in"),
        pytest.param('patch.dict(sys.modules, {"a": x, "b.c": y})', ["a", "b.c"], id="patch.dict"),
        pytest.param('mock.patch.dict("sys.modules", {"a": x})', ["a"], id="patch.dict by name"),
        pytest.param('monkeypatch.setitem(sys.modules, "a", x)', ["a"], id="setitem"),
        pytest.param('monkeypatch.delitem(sys.modules, "a")', ["a"], id="delitem"),
        pytest.param('sys.modules[".a"]', [], id="relative"),
        pytest.param("sys.modules[name]", [], id="a variable"),
        pytest.param('x.modules["a"]', [], id="modules of something else"),
        pytest.param('patch.dict(x, {"a": 1})', [], id="another dictionary"),
        pytest.param("patch.dict()", [], id="no arguments"),
        pytest.param('"a" == sys.modules', [], id="another comparison"),
        pytest.param('"a" in x.keys', [], id="a member of something else"),
        pytest.param("sys.modules.clear()", [], id="no key"),
        pytest.param("dict(sys.modules, a=1)", [], id="a copy"),
    ],
)
def test_keys_of_sys_modules(source: str, expected: list[str]) -> None:
    found = facts(source).texts
    assert [item.value for item in found if item.role == "key"] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('import_module("a")', [("a", "import_module", "")], id="one component"),
        pytest.param('importlib.import_module("a.b")', [("a.b", "importlib.import_module", "")], id="dotted"),
        pytest.param('__import__("a")', [("a", "__import__", "")], id="__import__"),
        pytest.param('u.find_spec("a")', [("a", "u.find_spec", "")], id="find_spec"),
        pytest.param('pytest.importorskip("a")', [("a", "pytest.importorskip", "")], id="importorskip"),
        pytest.param('import_module(name="a")', [("a", "import_module", "")], id="by keyword"),
        pytest.param('import_module(f"a.{x}")', [("a", "import_module", "")], id="template"),
        pytest.param('import_module(".a", "p.q")', [(".a", "import_module", "p.q"), ("p.q", "import_module", "")], id="relative"),
        pytest.param('import_module("..a.b", package=__package__)', [("..a.b", "import_module", "__package__")], id="of this package"),
        pytest.param('import_module(".a", __name__)', [(".a", "import_module", "__name__")], id="of this module"),
        pytest.param('import_module(".a", p)', [(".a", "import_module", "")], id="of an unknown package"),
        pytest.param('import_module(".")', [], id="nothing but a dot"),
        pytest.param('import_module("a b")', [], id="no module"),
        pytest.param('load("a")', [], id="another callee"),
        pytest.param('load(".a.b")', [], id="relative for another callee"),
        pytest.param('x().import_module("a")', [("a", "", "")], id="no dotted callee"),
        pytest.param('x.y["k"].patch("a.b")', [("a.b", "", "")], id="an item's method"),
    ],
)  # fmt: skip
def test_importers(source: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(item.value, item.callee, item.package) for item in facts(source).texts] == expected


def test_what_is_expected_to_fail() -> None:
    source = """\
        self.assertRaises(ImportError, import_module, "a.b")
        with raises(ImportError):
            import_module("c")
        self.assertRaises(KeyError, import_module, "d.e")
        pytest.raises(ImportError, lambda: patch("f.g"))
        """
    assert {t.value: "EXPECTED_FAILURE" in flags(t) for t in facts(source).texts} == {
        "a.b": True,
        "c": True,
        "d.e": False,
        "f.g": True,
    }


def test_expected_failures_end_with_their_call() -> None:
    source = 'f(raises(ImportError, g, "a.b"), "c.d", raises(KeyError, "e.f"))\n'
    assert {t.value: flags(t) for t in facts(source).texts} == {
        "a.b": {"EXPECTED_FAILURE"},
        "c.d": set(),
        "e.f": set(),
    }
