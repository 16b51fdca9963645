"""Which newer Python a file needs that this one cannot parse, where that can be told."""

from __future__ import annotations

import builtins
import re
import sys

_LOOKAHEAD = 2000
"""How many characters are looked at: bounds the time that a broken file can take."""

_HEADS = (
    ((3, 15), re.compile(r"\s*lazy\s+(?:import|from)\s")),
    ((3, 13), re.compile(r"\s*(?:class|(?:async\s+)?def|type)\s+\w+\s*\[[^\]=]*=")),
    ((3, 12), re.compile(r"\s*(?:(?:class|(?:async\s+)?def)\s+\w+\s*\[|type\s+\w+\s*[=\[])")),
    ((3, 11), re.compile(r"\s*except\s*\*")),
)
"""How lines begin that only newer Pythons parse, newest first."""

_BARE_TUPLE = re.compile(r"\s*except\s+([\w.\s,]+):")
_TEMPLATE_PREFIX = re.compile(r"(?<!\w)(?:t|rt|tr)$", re.IGNORECASE)
_STRING = re.compile(r"((?:\b[a-zA-Z]{1,2})?)(\"\"\"|'''|\"|')")
_FORMATTED = frozenset({"f", "rf", "fr"})


def needed_python(message: str, lines: list[str], column: int) -> str:
    """The version ("3.12") that parses `lines`, or "" if that cannot be told or is not newer.

    `message` and `column` (1-based) are those of the SyntaxError in the first of `lines`.
    """
    version = _version(message, lines, column) if lines else None
    if version is None or version <= sys.version_info[:2]:
        return ""
    return "{}.{}".format(*version)


def _version(message: str, lines: list[str], column: int) -> tuple[int, int] | None:
    text = "\n".join(lines[:_LOOKAHEAD])[:_LOOKAHEAD]
    line = text.partition("\n")[0]
    for version, head in _HEADS:
        if head.match(line):
            return version
    if _is_template_string(line, column) or _is_bare_tuple(line):
        return (3, 14)
    if "expression part cannot include a backslash" in message:
        return (3, 12)
    if "expression part cannot include '#'" in message and "#" not in line:
        return (3, 12)  # a comment on a line of its own; on the last line it eats the brace
    starts = (match for match in _STRING.finditer(line) if match[1].lower() in _FORMATTED)
    return (3, 12) if any(_is_free_f_string(text, match.start()) for match in starts) else None


def _is_template_string(line: str, column: int) -> bool:
    """``t"..."``, which to older parsers is a name and then, at `column`, a string."""
    before, after = line[: column - 1], line[column - 1 :]
    return _TEMPLATE_PREFIX.search(before) is not None and after.startswith(('"', "'"))


def _is_bare_tuple(line: str) -> bool:
    """``except A, B:``, unless Python 2 may have meant ``except A as B``."""
    match = _BARE_TUPLE.match(line)
    if match is None:
        return False
    names = [name.strip() for name in match[1].split(",")]
    return len(names) > 2 or (len(names) == 2 and _is_exception(names[1]))


def _is_exception(name: str) -> bool:
    name = name.rpartition(".")[2]
    known = getattr(builtins, name, None)
    if isinstance(known, type) and issubclass(known, BaseException):
        return True
    return name[:1].isupper() and name.endswith(("Error", "Exception", "Warning"))


def _is_free_f_string(text: str, start: int) -> bool:
    """Whether the f-string at `start` is one to Python 3.12 (PEP 701) and to none before.

    It is if it ends properly when quotes within braces are free, and makes use of that: the outer
    quote again, a backslash, or a line end within the braces of a one-line string.
    """
    at, free = start, False
    open_strings: list[tuple[str, int]] = []  # quote, and depth of brackets (0: the literal part)
    while at < len(text):
        quote, depth = open_strings[-1] if open_strings else ("", 1)
        char = text[at]
        if depth == 0:
            if text.startswith(quote, at):
                open_strings.pop()
                at += len(quote)
                if not open_strings:
                    return free
            elif char == "\n" and len(quote) == 1:
                return False
            elif char == "\\" or text.startswith("{{", at):
                at += 2
            else:
                open_strings[-1] = quote, int(char == "{")
                at += 1
            continue
        string = _STRING.match(text, at)
        if string is None:
            free = free or char == "\\" or (char == "\n" and len(quote) == 1)
            open_strings[-1] = quote, depth + (char in "([{") - (char in ")]}")
            at += 1
        elif string[1].lower() in _FORMATTED:
            free = free or any(string[2].startswith(outer) for outer, _ in open_strings)
            open_strings.append((string[2], 0))
            at = string.end()
        else:
            end = text.find(string[2], string.end())
            inner = text[at:end]
            if end < 0 or ("\n" in inner and len(string[2]) == 1):
                return False
            free = free or "\\" in inner or any(outer in inner for outer, _ in open_strings)
            at = end + len(string[2])
    return False
