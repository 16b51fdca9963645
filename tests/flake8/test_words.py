"""A text without the words of a rule is passed over, and nothing is missed that way."""

from __future__ import annotations

import ast
import io
import os
import warnings

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from ssot_lint.cache import Cache, reader_version
from ssot_lint.config import Config, load
from ssot_lint.engine import Editor, Request, lint
from ssot_lint.facts.source import decode
from ssot_lint.model import Violation
from tests.test_prefilter import ENCODINGS, PLACES, RULES, STATEMENTS, TREE

FAST = Request(use_baseline=False)
SLOW = Request(use_baseline=False, prefilter=False)

Finding = tuple[str, int, int, str, str, str]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    top = tmp_path_factory.mktemp("project")
    for path, text in TREE.items():
        target = top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        os.utime(target, (1, 1))
    rules = RULES + "  - {name: odd, kind: forbidden-module, reason: Odd., modules: ['**.use']}\n"
    config = load(rules, str(top / "rules.yaml"))
    lint(config, Request(use_baseline=False, cache=str(top / "caches"), always_cache=True))
    return config


def caches(config: Config) -> Cache:
    return Cache.open(os.path.join(config.root, "caches"), version=reader_version())


def found(violations: tuple[Violation, ...]) -> set[Finding]:
    return {(v.path, v.span.line, v.span.column, v.code, v.rule, v.subject) for v in violations}


def judged(config: Config, request: Request, path: str, text: str) -> set[Finding]:
    """What an editor is told of a file with this text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            assume(False)
    lines = io.StringIO(text).readlines()
    editor = Editor(config, request, open_cache=caches)
    return found(editor.lint(os.path.join(config.root, path), tree, lines))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(PLACES),
    st.lists(STATEMENTS, max_size=4).map("".join),
    st.sampled_from(ENCODINGS),
    st.booleans(),
)
@example("tests/use.py", "import shop.\xbald_cart\n", "latin-1", True)
@example("use.py", "from shop.old_cart import +AG8-\n", "utf-7", True)
@example("shop/old_cart/use.py", "from . import Y\n", "utf-8", False)
@example("use.py", "from kit import *\n", "utf-8", False)
@example("od-d.py", "", "utf-8", False)
def test_as_without_looking_for_words_and_as_check(
    config: Config, path: str, text: str, encoding: str, declared: bool
) -> None:
    """Whatever the encoding was that the text had, and names, on the disk."""
    cookie = f"# coding: {encoding}\n" if declared else ""
    data = (cookie + text).encode(encoding, "replace")
    seen = decode(data).text
    fast = judged(config, FAST, path, seen)
    assert fast == judged(config, SLOW, path, seen)
    asked = Request(
        paths=(os.path.join(config.root, path),), text=data, prefilter=False, use_baseline=False
    )
    checked = lint(config, asked).findings
    assert fast == found(tuple(finding.violation for finding in checked))


EVERYTHING = """\
import shop.old_cart
patch("shop.old_cart.X")
class Thing: ...
from kit import Thing
"""
EVERY_RULE = ["old-path", "old-string", "second-thing", "other-thing"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("import os\n", [], id="no word"),
        pytest.param("# Basket\n", ["old-string"], id="a word, and not in an import"),
        pytest.param("# Other\n", [], id="a word in another case"),
        pytest.param("import shop, Basket\n", ["old-path", "old-string"], id="a word"),
        pytest.param("from kit import *\n", ["other-thing"], id="a star"),
        pytest.param("x = 'shop.' 'old_cart'\n", ["old-string"], id="a word in pieces"),
        pytest.param("class ThingS: ...\n", ["second-thing", "other-thing"], id="a longer word"),
        pytest.param("class THINGS: ...\n", ["second-thing"], id="where case does not count"),
        pytest.param("# coding: utf-7\n", EVERY_RULE, id="an encoding that hides words"),
        pytest.param("\uff53 = 1\n", EVERY_RULE, id="letters that become others"),
    ],
)
def test_only_rules_whose_words_stand_in_the_text_look_at_the_tree(
    config: Config, text: str, asked: list[str]
) -> None:
    """Here that holds everything, whatever the text says."""
    lines, tree = text.splitlines(keepends=True), ast.parse(EVERYTHING)
    path = os.path.join(config.root, "app.py")
    told = {
        request.prefilter: [v.rule for v in editor.lint(path, tree, lines)]
        for request in (FAST, SLOW)
        for editor in (Editor(config, request, open_cache=caches),)
    }
    assert told == {False: EVERY_RULE, True: asked}
