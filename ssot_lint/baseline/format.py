r"""The baseline as text: YAML that others can read, in the one form that we write.

::

    # ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)
    app/routes/chat.py:
    app/services/thread.py:
      second-manager Manager: 1
      old-path app.manager.Manager: {n: 2, accepted: "hotfix, until the adapter goes"}

One line for each file, sorted, that stays when its last entry goes: since such lines never change,
git merges two branches that shrink different files without a conflict. Files and entries that are
not plainly names are written in double quotes; there, every character outside printable ASCII is
``\uXXXX`` or ``\UXXXXXXXX``, so that the text is the same whatever Unicode version and locale
wrote it, and undecodable bytes of file names survive as ``\udcXX`` (PyYAML reads that; libyaml
refuses lone surrogates). YAML readers refuse keys of more than 1,024 characters; ours does not.

The parser accepts exactly what `dump` writes (and CRLF line ends, which git makes on Windows):
what it accepts it would write again, byte for byte, so damage cannot pass for a smaller baseline
but by whole lines.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TypeVar

from ssot_lint import files
from ssot_lint.baseline.entries import Baseline, Entry
from ssot_lint.errors import BaselineError
from ssot_lint.model import Fingerprint

VERSION = "# ssot-baseline v1"
FIRST_LINE = f"{VERSION} (machine-written: see `ssot-lint baseline --help`)"

_BARE_PATH = r"[A-Za-z_][A-Za-z0-9_./+-]*\.pyi?"
_BARE_KEY = r"[a-z][a-z0-9-]* [A-Za-z0-9_.*,+-]+"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\["\\]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"'
_COUNT = r"[0-9]{1,9}"
_path = re.compile(_BARE_PATH)
_key = re.compile(_BARE_KEY)
_header_line = re.compile(rf"(?P<path>{_BARE_PATH}|{_QUOTED}):")
_entry_line = re.compile(
    rf"  (?P<key>{_BARE_KEY}|{_QUOTED}): "
    rf"(?:(?P<count>{_COUNT})|\{{n: (?P<n>{_COUNT}), accepted: (?P<accepted>{_QUOTED})\}})"
)
_escape = re.compile(r'\\(?:(["\\])|u([0-9a-f]{4})|U([0-9a-f]{8}))')
_never = re.compile(r"(?!)")  # a reason is always quoted
_special = re.compile(r"[^ !#-\[\]-~]")
_version = re.compile(r"# ssot-baseline v([0-9]{1,9})\b")
_conflict = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: |$)")

_Key = TypeVar("_Key", str, tuple[str, str])

_STALE_TEMPORARY = 3600.0  # seconds: no write takes an hour


def dump(baseline: Baseline) -> str:
    """The file's text; it depends on nothing but the value."""
    return "\n".join(_lines(baseline)) + "\n"


def _lines(baseline: Baseline) -> Iterator[str]:
    yield FIRST_LINE
    entries = sorted(baseline.entries.items(), key=lambda item: item[0])
    position = 0
    for path in sorted(baseline.headers):
        yield f"{_written(path, _path)}:"
        while position < len(entries) and entries[position][0].path == path:
            (_, rule, subject), entry = entries[position]
            value = str(entry.count)
            if entry.accepted:
                value = f"{{n: {value}, accepted: {_quote(entry.accepted)}}}"
            yield f"  {_written(f'{rule} {subject}', _key)}: {value}"
            position += 1


def _written(text: str, bare: re.Pattern[str]) -> str:
    return text if bare.fullmatch(text) else _quote(text)


def _quote(text: str) -> str:
    return '"' + _special.sub(_escaped, text) + '"'


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char in '"\\':
        return "\\" + char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _unquote(text: str) -> str:
    """The text behind a quoted one; ValueError for an escape beyond Unicode."""
    if not text.startswith('"'):
        return text
    return _escape.sub(lambda match: match[1] or chr(int(match[2] or match[3], 16)), text[1:-1])


def load_bytes(data: bytes, name: str) -> Baseline:
    """As `load`, from the bytes of a file."""
    try:
        return load(data.decode("ascii"), name)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BaselineError(
            f"{name}:{line}: byte 0x{data[error.start]:02x}: a baseline is plain ASCII text"
        ) from None


def load(text: str, name: str) -> Baseline:
    """The baseline in `text`; BaselineError ``name:line: what`` at the first fault."""
    lines = text.replace("\r\n", "\n").split("\n")
    try:
        _refuse_foreign(lines)
        return _parse(lines)
    except _FaultError as fault:
        raise BaselineError(f"{name}:{fault.line}: {fault.message}") from None


class _FaultError(Exception):
    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message


def _refuse_foreign(lines: list[str]) -> None:
    """Raises for what is no baseline of this version, or not whole."""
    if lines == [""]:
        raise _FaultError(1, f"empty; a baseline begins with '{VERSION}'")
    for number, line in enumerate(lines, 1):
        if _conflict.match(line):
            raise _FaultError(
                number, "conflict markers of a merge: run 'ssot-lint baseline resolve'"
            )
    version = _version.match(lines[0])
    if version and int(version[1]) > 1:
        raise _FaultError(1, f"ssot-baseline v{int(version[1])}: made by a newer ssot-lint")
    if lines[0] != FIRST_LINE:
        raise _FaultError(1, f"no baseline: the first line must be '{FIRST_LINE}'")
    if lines[-1]:
        raise _FaultError(len(lines), "the last line has no end: the file was cut off")


def _parse(lines: list[str]) -> Baseline:
    headers: set[str] = set()
    entries: dict[Fingerprint, Entry] = {}
    path, last = "", ("", "")
    for number, line in enumerate(lines[1:-1], 2):
        header = _header_line.fullmatch(line)
        if header:
            text = _value(header["path"], _path, number)
            _refuse_disorder(path, text, "file", number)
            path, last = text, ("", "")
            headers.add(path)
            continue
        entry = _entry_line.fullmatch(line)
        if not entry:
            raise _FaultError(number, _strange(line))
        if not path:
            raise _FaultError(number, "an entry before the first file")
        rule, _, subject = _value(entry["key"], _key, number).partition(" ")
        if not rule or not subject:
            raise _FaultError(number, "an entry must name a rule and a subject")
        _refuse_disorder(last, (rule, subject), "entry", number)
        last = rule, subject
        entries[Fingerprint(path, rule, subject)] = _entry(entry, number)
    return Baseline(entries, frozenset(headers))


def _value(written: str, bare: re.Pattern[str], number: int) -> str:
    """The text that was written; it must be written as `dump` writes it."""
    try:
        text = _unquote(written)
    except (ValueError, OverflowError):
        raise _FaultError(number, f"{written}: an escape beyond Unicode") from None
    if not text:
        raise _FaultError(number, "an empty text")
    canonical = _written(text, bare)
    if canonical != written:
        raise _FaultError(number, f"ssot-lint would write {canonical}")
    return text


def _entry(match: re.Match[str], number: int) -> Entry:
    digits = match["count"] or match["n"]
    if int(digits) < 1:
        raise _FaultError(number, "a count must be at least 1; to tolerate none, delete the line")
    if digits.startswith("0"):
        raise _FaultError(number, f"ssot-lint would write {int(digits)}")
    accepted = match["accepted"]
    return Entry(int(digits), _value(accepted, _never, number) if accepted else "")


def _refuse_disorder(before: _Key, after: _Key, what: str, number: int) -> None:
    if before == after:
        raise _FaultError(number, f"the same {what} a second time")
    if before > after:
        raise _FaultError(number, f"out of order: the {what} belongs further up")


def _strange(line: str) -> str:
    if "\t" in line:
        return "a tab; entries are indented by two blanks"
    return "neither a file ('path.py:') nor an entry ('  rule subject: 1')"


def read(path: str, *, name: str = "") -> Baseline:
    """The baseline in the file at `path`; UsageError or BaselineError call it `name`."""
    return load_bytes(files.read(path, name=name), name or path)


def write(path: str, baseline: Baseline, *, name: str = "") -> None:
    """Replaces the file at `path`, after reading back what will stand there.

    Raises UsageError, which calls the file `name`, if it cannot be written.
    """

    def check(written: bytes) -> None:
        try:
            same = load_bytes(written, name or path) == baseline
        except BaselineError as error:
            raise AssertionError(f"unreadable as written: {error}") from error
        if not same:
            raise AssertionError("what was written is not what was meant")

    files.sweep(os.path.dirname(os.path.realpath(path)), older_than=_STALE_TEMPORARY)
    files.replace(path, dump(baseline).encode("ascii"), name=name, check=check)
