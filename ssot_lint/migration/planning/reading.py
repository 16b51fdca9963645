"""``ssot-plan.yml`` -> `Plan`, or every fault of it at once: ``ssot-plan.yml:12:5: ...``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ssot_lint import files
from ssot_lint.config.source import decode
from ssot_lint.errors import Problem, UsageError, did_you_mean
from ssot_lint.migration.model import Skip
from ssot_lint.migration.planning.model import (
    WAVES,
    Apart,
    Batch,
    Cycle,
    Plan,
    PlannedFile,
    Risk,
    is_plain,
)
from ssot_lint.migration.planning.writing import FORMAT, dump
from ssot_lint.reporters.phrases import one_line

if TYPE_CHECKING:
    from ssot_lint.config.yamlnodes import Document

_MARK = "ssot-plan"
_MOST_VALUES = 2_000_000
"""Enough for a plan of 100,000 files."""
_MOST = 1_000_000
_LONGEST = 400
"""Characters of a message."""
_HASH = re.compile(r"[0-9a-f]{16}")

Way = tuple[str | int, ...]
_Reader = Callable[[Any, Way], Any]
_Readers = Mapping[str, _Reader]


def read(path: str, *, name: str = "") -> Plan:
    """The plan in the file at `path`; UsageError, which calls it `name`, if that is none."""
    return load(decode(files.read(path, name=name), path), name or path)


def write(path: str, plan: Plan, *, name: str = "") -> None:
    """Replaces the file at `path`, after reading back what will stand there.

    UsageError, which calls it `name`, if that fails.
    """

    def check(written: bytes) -> None:
        if load(written.decode("ascii"), name or path) != plan:
            raise AssertionError("what was written is not what was meant")

    files.replace(path, dump(plan).encode("ascii"), name=name, check=check)


def load(text: str, name: str) -> Plan:
    """The plan that `text` means, or UsageError with every fault in it, one on each line.

    `name` is the file's, for messages.
    """
    from ssot_lint.config.yamlnodes import parse  # PyYAML is slow to import

    return _Reading(parse(text.removeprefix("\ufeff"), most=_MOST_VALUES), name).plan()


class _Reading:
    """One plan on its way: gathers problems, and finds the place of each."""

    def __init__(self, document: Document, name: str) -> None:
        self._document = document
        self._name = name
        self._problems = {
            Problem(name, fault.line, fault.column, _short(fault.message))
            for fault in document.faults
        }
        self._numbers: dict[int, Way] = {}
        self._paths: dict[str, Way] = {}

    def plan(self) -> Plan:
        top = self._document.value
        if not isinstance(top, dict):
            if not self._problems:
                self._fault((), f"no plan: it begins with '{_MARK}: {FORMAT}'")
            self._stop()
        self._check_format(top.get(_MARK))
        values = self._mapping(
            top,
            (),
            {_MARK: self._format, "batches": self._each(self._batch)},
            {
                "manual": self._each(self._skip),
                "apart": self._each(self._apart),
                "cycles": self._each(self._cycle),
            },
        )
        self._stop()
        return Plan(
            values["batches"],
            tuple(sorted(values.get("manual", ()))),
            values.get("cycles", ()),
            values.get("apart", ()),
        )

    def _check_format(self, version: Any) -> None:
        """Stops at what is no plan, or a newer one: the rest is not ours to judge."""
        if version is None:
            message = f"no plan: it begins with '{_MARK}: {FORMAT}'"
        elif type(version) is int and version > FORMAT:
            message = f"made for a newer ssot-lint: this one reads format {FORMAT}, not {version}"
        else:
            return
        self._problems.clear()
        self._fault((_MARK,), message)
        self._stop()

    def _format(self, value: Any, way: Way) -> None:
        if type(value) is not int or value != FORMAT:
            self._fault(way, f"the format's version is {FORMAT}")

    def _batch(self, value: Any, way: Way) -> Batch:
        values = self._mapping(
            value,
            way,
            {"batch": self._number, "files": self._files},
            {"wave": self._wave, "owners": self._each(self._text), "risk": self._risk},
        )
        number = values.get("batch", 0)
        if number in self._numbers:
            line = self._document.place(*self._numbers[number])[0]
            self._fault((*way, "batch"), f"there is a batch {number} already, on line {line}")
        elif number:
            self._numbers[number] = way
        return Batch(
            number,
            values.get("wave", ""),
            values.get("owners", ()),
            values.get("risk"),
            values.get("files", ()),
        )

    def _wave(self, value: Any, way: Way) -> str:
        wave = self._text(value, way)
        if wave and wave not in WAVES:
            known = did_you_mean(wave, WAVES) or f"; the waves are {', '.join(WAVES)}"
            self._fault(way, f"unknown wave '{wave}'{known}")
        return wave

    def _risk(self, value: Any, way: Way) -> Risk:
        parts = self._mapping(value, way, dict.fromkeys(Risk._fields, self._count))
        return Risk(*(parts.get(part, 0) for part in Risk._fields))

    def _files(self, value: Any, way: Way) -> tuple[PlannedFile, ...]:
        if not isinstance(value, dict):
            self._fault(way, "expected a mapping of file to what is said of it")
            return ()
        if not value:
            self._fault(way, "an empty batch: delete it, or give it a file")
        return tuple(self._file(path, said, (*way, path)) for path, said in value.items())

    def _file(self, path: str, said: Any, way: Way) -> PlannedFile:
        self._path(path, way)
        if path in self._paths:
            line = self._document.place(*self._paths[path])[0]
            self._fault(way, f"'{path}' stands in a batch already, on line {line}")
        self._paths.setdefault(path, way)
        values = self._mapping(
            said, way, {"edits": self._count, "strings": self._count, "before": self._hash}
        )
        if isinstance(said, dict) and said.get("edits") == 0 == said.get("strings"):
            self._fault(way, "a file without edits and strings: delete it")
        return PlannedFile(
            path, values.get("edits", 0), values.get("strings", 0), values.get("before", "")
        )

    def _hash(self, value: Any, way: Way) -> str:
        if not isinstance(value, str) or not _HASH.fullmatch(value):
            self._fault(way, "expected 16 hexadecimal digits in quotes")
            return ""
        return value

    def _skip(self, value: Any, way: Way) -> Skip:
        values = self._mapping(
            value,
            way,
            {
                "file": self._text,
                "line": self._number,
                "rule": self._text,
                "path": self._text,
                "reason": self._text,
            },
        )
        return Skip(
            values.get("file", ""),
            values.get("line", 0),
            values.get("rule", ""),
            values.get("path", ""),
            values.get("reason", ""),
        )

    def _apart(self, value: Any, way: Way) -> Apart:
        values = self._mapping(value, way, {"file": self._path, "tests": self._number})
        return Apart(values.get("file", ""), values.get("tests", 0))

    def _cycle(self, value: Any, way: Way) -> Cycle:
        values = self._mapping(
            value, way, {"modules": self._number, "files": self._each(self._path)}
        )
        return Cycle(values.get("modules", 0), values.get("files", ()))

    def _path(self, value: Any, way: Way) -> str:
        path = self._text(value, way)
        if path and not is_plain(path):
            self._fault(way, f"'{path}': expected a path below the root such as app/models.py")
        return path

    def _text(self, value: Any, way: Way) -> str:
        if not isinstance(value, str) or not value:
            self._fault(way, "expected a text (in quotes, if YAML reads it as something else)")
            return ""
        return value

    def _count(self, value: Any, way: Way, least: int = 0) -> int:
        if type(value) is not int or not least <= value <= _MOST:
            self._fault(way, f"expected a whole number from {least} to {_MOST}")
            return least
        return value

    def _number(self, value: Any, way: Way) -> int:
        return self._count(value, way, least=1)

    def _each(self, read: _Reader) -> _Reader:
        """What reads a list of what `read` reads."""

        def items(value: Any, way: Way) -> tuple[Any, ...]:
            if not isinstance(value, list):
                self._fault(way, "expected a list")
                return ()
            return tuple(read(item, (*way, index)) for index, item in enumerate(value))

        return items

    def _mapping(
        self, value: Any, way: Way, required: _Readers, optional: _Readers | None = None
    ) -> dict[str, Any]:
        """The values of a mapping as their readers understand them, of the keys that are there."""
        known = {**required, **(optional or {})}
        if not isinstance(value, dict):
            self._fault(way, f"expected a mapping with {_listed(required)}")
            return {}
        for key in value:
            if key not in known:
                self._fault((*way, key), f"unknown key '{key}'{did_you_mean(key, known)}")
        for key in required:
            if key not in value:
                self._fault(way, f"required key '{key}' is missing")
        return {key: known[key](value[key], (*way, key)) for key in known if key in value}

    def _fault(self, way: Way, message: str) -> None:
        self._problems.add(Problem(self._name, *self._document.place(*way), _short(message)))

    def _stop(self) -> None:
        if self._problems:
            raise UsageError(*map(str, sorted(self._problems)))


def _short(message: str) -> str:
    """`message` on one line, of a length that can be read."""
    return one_line(message if len(message) <= _LONGEST else message[:_LONGEST] + " ...")


def _listed(words: Iterable[str]) -> str:
    *others, last = (f"'{word}'" for word in words)
    return f"{', '.join(others)} and {last}" if others else last
