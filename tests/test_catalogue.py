"""Kinds, their files, their manuals and their documentation agree, so that adding one is easy."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import ssot_lint.rules
from ssot_lint.builtin import BUILTIN, BuiltIn
from ssot_lint.manual import manual, page
from ssot_lint.options import declared
from ssot_lint.rule import Rule
from ssot_lint.rules import KINDS

REPOSITORY = Path(__file__).parents[1]
EVERY: tuple[type[Rule] | type[BuiltIn], ...] = (*KINDS, *BUILTIN)
HEADINGS = ["What it does", "Why", "Instead of", "Write", "Subject", "What a fix may break"]


def test_every_file_of_the_folder_holds_one_kind_of_the_tuple() -> None:
    found = []
    for module in pkgutil.iter_modules(ssot_lint.rules.__path__):
        loaded = importlib.import_module(f"ssot_lint.rules.{module.name}")
        kinds = [
            value
            for value in vars(loaded).values()
            if inspect.isclass(value)
            and issubclass(value, Rule)
            and value.__module__ == loaded.__name__
        ]
        assert len(kinds) == 1, module.name
        assert kinds[0].kind == module.name.replace("_", "-")
        found += kinds
    assert set(found) == set(KINDS)


def test_codes_and_names_are_unique_and_of_flake8_s_form() -> None:
    assert len({kind.code for kind in EVERY}) == len({kind.kind for kind in EVERY}) == len(EVERY)
    for kind in EVERY:
        assert re.fullmatch(r"SOT\d{3}", kind.code)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.kind)
    assert [kind.code for kind in KINDS] == sorted(kind.code for kind in KINDS)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.kind)
def test_every_manual_has_every_heading_in_order(kind: type[Rule] | type[BuiltIn]) -> None:
    text = inspect.cleandoc(kind.__doc__ or "")
    titles = [title for title in re.findall(r"^(\S.*)$", text, re.MULTILINE) if title in HEADINGS]
    assert titles == HEADINGS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_option_has_a_sentence_of_help_that_the_manual_prints(kind: type[Rule]) -> None:
    text = manual(kind)
    for name, entry in declared(kind).items():
        assert entry.help.endswith("."), name
        assert f"    {name} (" in text
        assert entry.help in text


def test_the_documentation_is_made_from_the_manuals() -> None:
    """Renew it with ``python -m ssot_lint.manual > docs/kinds.md``."""
    assert (REPOSITORY / "docs" / "kinds.md").read_text(encoding="utf-8") == page(EVERY)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_says_its_scope_and_unit(kind: type[Rule]) -> None:
    assert kind.scope in ("file", "project")
    assert kind.unit.endswith("s")
    assert kind.words is not Rule.words
