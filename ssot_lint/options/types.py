"""The types of options that the kinds have."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ssot_lint.globs import Globs
from ssot_lint.options.declaring import Fault, Option
from ssot_lint.patterns import Pattern, is_dotted, normalised

_LONGEST = 1000
"""Characters of a pattern or glob: matching takes time proportional to them."""


def _describe(value: Any) -> str:
    names: dict[type, str] = {
        dict: "a mapping",
        list: "a list",
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
    }
    return (
        "nothing"
        if value is None
        else names.get(
            type(value), "a date" if isinstance(value, datetime.date) else "something else"
        )
    )


def _wants(expected: str, value: Any) -> str:
    return f"expected {expected}, found {_describe(value)}"


def _read_text(value: Any, fault: Fault) -> str:
    if not isinstance(value, str):
        fault(_wants("a text", value))
        return ""
    if not value.strip():
        fault("expected a text, found an empty one")
    return value.strip()


def _read_flag(value: Any, fault: Fault) -> bool:
    if not isinstance(value, bool):
        fault(_wants("true or false", value))
    return value is True


def _read_date(value: Any, fault: Fault) -> datetime.date | None:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    # Newer versions of fromisoformat accept more spellings than older ones.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        with suppress(ValueError):
            return datetime.date.fromisoformat(value)
    fault("expected a date such as 2027-03-31")
    return None


def _read_path(value: Any, fault: Fault, *way: Any) -> str:
    if not isinstance(value, str):
        fault(_wants("a dotted path", value), *way)
        return ""
    if "*" in value:
        fault(f"'{value}': a literal dotted path is needed here, without wildcards", *way)
    elif not is_dotted(value):
        fault(f"'{value}' is no dotted path", *way)
    return normalised(value)


def _items(value: Any, fault: Fault, of: str) -> list[Any]:
    if not isinstance(value, list):
        fault(_wants(f"a list of {of}", value))
        return []
    if not value:
        fault("an empty list says nothing; leave the key out")
    return value


def _read_patterns(value: Any, fault: Fault) -> tuple[Pattern, ...]:
    patterns = []
    for index, item in enumerate(_items(value, fault, "patterns")):
        if not isinstance(item, str):
            fault(_wants("a pattern on dotted names", item), index)
            continue
        if len(item) > _LONGEST:
            fault(f"longer than {_LONGEST} characters", index)
            continue
        try:
            patterns.append(Pattern.parse(item))
        except ValueError as error:
            fault(str(error), index)
    return tuple(patterns)


def _read_names(value: Any, fault: Fault) -> tuple[Pattern, ...]:
    patterns = _read_patterns(value, fault)
    for index, pattern in enumerate(patterns):
        if "." in pattern.text:
            fault(f"'{pattern}': a simple name is needed here, without dots", index)
    return patterns


def _read_identifiers(value: Any, fault: Fault) -> tuple[str, ...]:
    names = []
    for index, item in enumerate(_items(value, fault, "names")):
        if not isinstance(item, str) or not item.isidentifier():
            fault(f"expected a name without dots and wildcards, found {item!r}", index)
        else:
            names.append(item)
    return tuple(names)


def _read_texts(value: Any, fault: Fault) -> tuple[str, ...]:
    texts: list[str] = []
    for index, item in enumerate(_items(value, fault, "texts")):
        if not isinstance(item, str) or not item.strip():
            fault(
                f"expected a text (in quotes, if YAML reads it as something else): {item!r}", index
            )
        elif len(item) > 100 or not item.isprintable():
            fault("expected a text of at most 100 printable characters", index)
        elif item in texts:
            fault(f"'{item}' stands here twice", index)
        else:
            texts.append(item)
    return tuple(texts)


def _read_count(value: Any, fault: Fault) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        fault(_wants("a whole number", value))
        return 1
    if value < 1:
        fault(f"expected a number of at least 1, found {value}")
    return value


def _read_share(value: Any, fault: Fault) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        fault(_wants("a number above 0 and up to 1", value))
        return 1.0
    if not 0 < value <= 1:
        fault(f"expected a number above 0 and up to 1, found {value}")
    return float(value)


def _read_paths(value: Any, fault: Fault) -> tuple[str, ...]:
    items = _items(value, fault, "dotted paths")
    return tuple(_read_path(item, fault, index) for index, item in enumerate(items))


def _read_globs(value: Any, fault: Fault) -> Globs:
    lines = []
    for index, item in enumerate(_items(value, fault, "file globs")):
        if not isinstance(item, str):
            fault(_wants("a file glob", item), index)
            continue
        if len(item) > _LONGEST:
            fault(f"longer than {_LONGEST} characters", index)
            continue
        try:
            Globs.parse([item])
        except ValueError as error:
            fault(str(error), index)
        else:
            lines.append(item)
    return Globs.parse(lines)


def _read_moved(value: Any, fault: Fault) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        fault(_wants("a mapping of old dotted path to new dotted path", value))
        return ()
    if not value:
        fault("an empty mapping says nothing; leave the key out")
    pairs = []
    for old, new in value.items():
        before, after = _read_path(old, fault, old), _read_path(new, fault, old)
        if before == after:
            fault(f"'{before}' is moved to itself", old)
        pairs.append((before, after))
    return tuple(pairs)


_DOTTED = {"type": "string", "pattern": r"^[^\s.*]+(\.[^\s.*]+)*$"}
_PATTERN = {"type": "string", "pattern": r"^[^\s.]+(\.[^\s.]+)*$"}


def _list_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "items": schema, "minItems": 1}


TEXT = Option(_read_text, {"type": "string", "pattern": r"\S"}, "a text")
FLAG = Option(_read_flag, {"type": "boolean"}, "true or false")
DATE = Option(_read_date, {"type": "string", "format": "date"}, "a date")
PATH = Option(_read_path, _DOTTED, "a dotted path")
PATHS = Option(_read_paths, _list_of(_DOTTED), "a list of dotted paths")
PATTERNS = Option(_read_patterns, _list_of(_PATTERN), "a list of patterns on dotted names")
NAMES = Option(
    _read_names,
    _list_of({"type": "string", "pattern": r"^[^\s.]+$"}),
    "a list of names or patterns on names",
)
IDENTIFIERS = Option(
    _read_identifiers, _list_of({"type": "string", "pattern": r"^[^\s.*]+$"}), "a list of names"
)
TEXTS = Option(
    _read_texts,
    {**_list_of({"type": "string", "pattern": r"\S", "maxLength": 100}), "uniqueItems": True},
    "a list of texts",
)
COUNT = Option(_read_count, {"type": "integer", "minimum": 1}, "a number of at least 1")
SHARE = Option(
    _read_share,
    {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    "a number above 0 and up to 1",
)
GLOBS = Option(_read_globs, _list_of({"type": "string", "minLength": 1}), "a list of file globs")
MOVED = Option(
    _read_moved,
    {
        "type": "object",
        "propertyNames": _DOTTED,
        "additionalProperties": _DOTTED,
        "minProperties": 1,
    },
    "a mapping of old dotted path to new dotted path",
)


def choice(*allowed: str) -> Option:
    """One of a few words."""

    def read(value: Any, fault: Fault) -> str:
        if value not in allowed or not isinstance(value, str):
            words = ", ".join(allowed[:-1]) + " or " + allowed[-1]
            fault(
                f"expected {words}, found {value!r}"
                if isinstance(value, str)
                else _wants(words, value)
            )
            return allowed[0]
        return value

    return Option(read, {"enum": list(allowed)}, " | ".join(allowed))


def choices(*allowed: str) -> Option:
    """Some of a few words, in their order here."""
    one = choice(*allowed)

    def read(value: Any, fault: Fault) -> tuple[str, ...]:
        found = set()
        for index, item in enumerate(_items(value, fault, "words")):
            found.add(one.read(item, lambda text, index=index: fault(text, index)))
        return tuple(word for word in allowed if word in found)

    schema = {**_list_of(one.schema), "uniqueItems": True}
    return Option(read, schema, f"a list of {' | '.join(allowed)}")
