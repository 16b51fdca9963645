"""``docs/paths.md`` names every key of the JSON document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = (Path(__file__).parents[2] / "docs" / "paths.md").read_text(encoding="utf-8")
GOLDEN = Path(__file__).with_name("golden") / "json.txt"


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from keys(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


def test_every_key_is_documented() -> None:
    document = json.loads(GOLDEN.read_text(encoding="utf-8"))
    groups = set(document["groups"])
    named = set(re.findall(r"`(\w+)`", DOCS.partition("## JSON")[2]))
    assert set(keys(document)) - groups - named == set()
