"""The JSON Schema of ``rules.yaml``, generated from what the kinds declare.

Editors use it to complete and to check while one types. What it accepts and the loader refuses:
a file whose first line is not the mark, names that are taken, dotted names with impossible
characters, globs that match nothing, folders that do not exist, options that contradict each other
(`Rule.faults`) and links to other rules (`Rule.linked`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ssot_lint.config.settings import RULE_NAME, TOP
from ssot_lint.options import Declared, declared
from ssot_lint.rule import Rule
from ssot_lint.rules import KINDS


def schema(kinds: Iterable[type[Rule]] = KINDS) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of a whole rules file whose rules are of `kinds`."""
    kinds = tuple(kinds)
    common = declared(Rule)
    top = {name: _property(entry) for name, entry in TOP.items()}
    top["rules"]["items"] = {"$ref": "#/$defs/rule"}
    shared = {name: _property(entry) for name, entry in common.items()}
    shared["name"]["pattern"] = f"^{RULE_NAME}$"
    shared["kind"] = {"description": "What the rule does.", "enum": [kind.kind for kind in kinds]}
    rule = {
        "type": "object",
        "properties": shared,
        "required": ["name", "kind", "reason"],
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind.kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{kind.kind}"},
            }
            for kind in kinds
        ],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of ssot-lint",
        "type": "object",
        "properties": top,
        "required": [name for name, entry in TOP.items() if entry.required],
        "additionalProperties": False,
        "$defs": {"rule": rule, **{kind.kind: _of_kind(kind, common) for kind in kinds}},
    }


def render(kinds: Iterable[type[Rule]] = KINDS) -> str:
    """The schema as the text of ``rules.schema.json``."""
    return json.dumps(schema(kinds), indent=2, ensure_ascii=False) + "\n"


def _of_kind(kind: type[Rule], common: dict[str, Declared]) -> dict[str, Any]:
    """What a rule of `kind` may and must hold; what every rule may hold is described once."""
    options = declared(kind)
    properties: dict[str, Any] = {"kind": True}
    for name, entry in options.items():
        same = name in common and common[name].option is entry.option
        properties[name] = True if same else _property(entry)
    return {
        "description": (kind.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": properties,
        "required": [name for name, entry in options.items() if entry.required],
        "additionalProperties": False,
    }


def _property(entry: Declared) -> dict[str, Any]:
    plain = isinstance(entry.default, (str, bool)) and entry.default != ""
    return {
        "description": entry.help,
        **entry.option.schema,
        **({"default": entry.default} if plain else {}),
    }
