"""Why a file could not be read."""

from __future__ import annotations

import codecs
import re

from ssot_lint.facts.model import Trouble
from ssot_lint.facts.newer import needed_python
from ssot_lint.facts.source import Decoded

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PYTHON_2 = re.compile(r"Missing parentheses in call to '(?:print|exec)'")
_PYTHON_2_HANDLER = re.compile(r"\s*except\b.*,\s*[a-z_]\w*\s*:")
_LIMIT = 200
"""How many characters of a line may be such a handler."""


UNDECODABLE = Trouble("encoding", "its encoding declaration names no text encoding", 1, 1, "")


def unparsable(error: Exception, data: bytes, source: Decoded) -> Trouble:
    """Why `source`, decoded from `data`, does not parse."""
    line, column, message, needs = 1, 1, _line(str(error)), ""
    if isinstance(error, SyntaxError):
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        message = _line(error.msg)
        text = source.text.split("\n")[line - 1 :]
        needs = needed_python(message, text, column)
        if _PYTHON_2.match(message) or (text and _PYTHON_2_HANDLER.match(text[0][:_LIMIT])):
            message += " (this looks like Python 2)"
    elif isinstance(error, (RecursionError, MemoryError)):
        message = "too deeply nested to be parsed"
    if data.startswith(_UTF_16):
        return Trouble("encoding", "UTF-16, which Python does not read", 1, 1, "")
    nul = source.text.find("\0")
    if nul >= 0:
        line = source.text.count("\n", 0, nul) + 1
        column = nul - source.text.rfind("\n", 0, nul)
        return Trouble("encoding", "contains NUL bytes", line, column, "")
    if source.doubt:
        return Trouble("encoding", f"{source.doubt}; and as latin-1: {message}", line, column, "")
    if isinstance(error, UnicodeError):
        return Trouble("encoding", "contains lone surrogates", line, column, "")
    return Trouble("syntax", message, line, column, needs)


def _line(message: str) -> str:
    return " ".join(message.split()) or "cannot be parsed"
