"""A plan as text: the YAML of ``ssot-plan.yml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ssot_lint.migration.planning.model import WAVES, Batch, Plan

FORMAT = 1
DEFAULT_PLAN = "ssot-plan.yml"
"""Where a plan stands, relative to the root, unless the command line says otherwise."""

_HEADER = """\
# Made by 'ssot-lint plan'. Batches are applied from top to bottom. Put them into another order,
# move files from one to another, delete files or batches, add comments: it is your plan now.
# Numbers stay with their batches. What is said of a file is checked when its batch is applied.
#
# edits, strings: paths that are rewritten in code, and in string literals
# before: the first 16 hexadecimal digits of the SHA-256 of the file
# dependents: files outside of the batch that import it, directly or through others
# critical, manual: files that are critical, and places that need a human
# risk: log2(1 + dependents), 4 more for critical files, 2 more for manual places (in the comment)
#
"""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./+-]*")
_NOT_TEXTS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_SPECIAL = re.compile(r"[^ !#-\[\]-~]")

_Value = str | int


def dump(plan: Plan) -> str:
    """The file's text; it depends on nothing but the value. `load` reads it back."""
    return "".join(f"{line}\n" for line in _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    yield f"ssot-plan: {FORMAT}"
    yield from _HEADER.splitlines()
    yield from (f"# wave {wave}: {meaning}" for wave, meaning in WAVES.items())
    yield ""
    yield "batches:" if plan.batches else "batches: []"
    for batch in plan.batches:
        yield from _batch_lines(batch)
    if plan.manual:
        yield ""
        yield "# What ssot-lint does not rewrite:"
        yield "manual:"
        for skip in plan.manual:
            yield _entry(
                file=skip.path, line=skip.line, rule=skip.rule, path=skip.old, reason=skip.reason
            )
    if plan.apart:
        yield ""
        yield "# Files that more tests of the plan patch than fit into their batch:"
        yield "apart:"
        for apart in plan.apart:
            yield _entry(file=apart.path, tests=apart.tests)
    if plan.cycles:
        yield ""
        yield "# Modules that import one another, and the files of the plan among them:"
        yield "cycles:"
        for cycle in plan.cycles:
            yield f"- modules: {cycle.modules}"
            yield "  files:" if cycle.files else "  files: []"
            yield from (f"  - {_text(path)}" for path in cycle.files)


def _batch_lines(batch: Batch) -> Iterator[str]:
    yield f"- batch: {batch.number}"
    if batch.wave:
        yield f"  wave: {_text(batch.wave)}"
    if batch.owners:
        yield f"  owners: [{', '.join(map(_text, batch.owners))}]"
    if batch.risk is not None:
        risk = batch.risk
        parts = {"dependents": risk.dependents, "critical": risk.critical, "manual": risk.manual}
        yield f"  risk: {_mapping(parts)}  # {risk.score}"
    yield "  files:"
    for file in batch.files:
        counts = f"edits: {file.edits}, strings: {file.strings}"
        yield f'    {_text(file.path)}: {{{counts}, before: "{file.before}"}}'


def _entry(**values: _Value) -> str:
    return f"- {_mapping(values)}"


def _mapping(values: Mapping[str, _Value]) -> str:
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in values.items()) + "}"


def _value(value: _Value) -> str:
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """`text` as it is, if every reader of YAML takes that for a text; else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXTS:
        return text
    return '"' + _SPECIAL.sub(_escaped, text) + '"'


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char in '"\\':
        return "\\" + char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
