"""Numbers by the number of a content: one for each that is known."""

from __future__ import annotations

from collections.abc import Iterable


class Answers:
    """Natural numbers, each in as many bytes as the largest takes (little-endian).

    Zero is kept for what is not known, so that each is stored as the next one.
    """

    __slots__ = ("data", "width")

    def __init__(self, width: int = 1, data: bytes = b"") -> None:
        self.width = width
        self.data = bytearray(data)

    def get(self, number: int) -> int | None:
        """The answer about a content, if it is known."""
        width = self.width
        stored = int.from_bytes(self.data[number * width : (number + 1) * width], "little")
        return stored - 1 if stored else None

    def put(self, number: int, answer: int) -> bool:
        """Keeps an answer; whether that is news."""
        if self.get(number) == answer:
            return False
        stored = answer + 1
        self._widen((stored.bit_length() + 7) // 8)
        start = number * self.width
        self.data.extend(bytes(max(0, start + self.width - len(self.data))))
        self.data[start : start + self.width] = stored.to_bytes(self.width, "little")
        return True

    def of(self, numbers: Iterable[int]) -> Answers:
        """The answers about some contents, which are numbered by their position now."""
        width = self.width
        kept = (self.data[at * width : (at + 1) * width].ljust(width, b"\0") for at in numbers)
        return Answers(width, b"".join(kept))

    def _widen(self, width: int) -> None:
        if width > self.width:
            spare = bytes(width - self.width)
            each = range(0, len(self.data), self.width)
            self.data = bytearray().join(self.data[at : at + self.width] + spare for at in each)
            self.width = width
