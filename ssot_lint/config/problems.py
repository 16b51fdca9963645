"""What is wrong with a rules file: gathered while it is read, each problem with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ssot_lint.errors import ConfigError, Problem

if TYPE_CHECKING:
    from ssot_lint.config.yamlnodes import Document

Way = tuple[str | int, ...]
"""The keys and indexes from the top of a document to a value in it."""


class Problems:
    """The problems of the document that stands at `path`, and of the files that it names."""

    def __init__(self, path: str, document: Document) -> None:
        self._path = path
        self._document = document
        self._found: list[Problem] = []
        self.add_faults(path, document)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, way: Way, rule: str, message: str) -> None:
        """`message` about a value of the document, which belongs to a rule ("": to none)."""
        prefix = f"{rule}: " if rule else ""
        self.add_in(self._path, self._document, way, prefix + message)

    def add_in(self, path: str, document: Document, way: Way, message: str) -> None:
        """`message` about a value of another document."""
        line, column = document.place(*way)
        self._found.append(Problem(path, line, column, one_line(message)))

    def add_faults(self, path: str, document: Document) -> None:
        """What is wrong with a document as YAML."""
        for fault in document.faults:
            message = one_line(fault.message)
            self._found.append(Problem(path, fault.line, fault.column, message))

    def reporter(self, *way: str | int, rule: str = "") -> Callable[..., None]:
        """What an option's reader calls: ``fault(message, *further_way)``."""
        return lambda message, *more: self.add((*way, *more), rule, message)

    def clear(self) -> None:
        self._found.clear()

    def stop(self) -> None:
        """Raises ConfigError with all of them, if there are any."""
        if self._found:
            raise ConfigError(set(self._found))


def one_line(message: str) -> str:
    """`message` in printable characters, of a length that can be read."""
    if len(message) > 500:
        message = message[:400] + " ... " + message[-80:]
    if message.isprintable():
        return message
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
