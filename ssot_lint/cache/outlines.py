"""What contents refer to, by the number of the content."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping

MOST_KINDS = 3
"""Kinds of outlines that are kept: two, but for those who compare two branches."""


class Outlines:
    """Outlines (tuples of texts) of several kinds, each of which is unpacked when it is needed.

    `packed` is what `pack` returned.
    """

    def __init__(self, packed: Mapping[bytes, bytes]) -> None:
        self._packed = dict(packed)
        self._kinds: dict[bytes, dict[int, tuple[str, ...]]] = {}

    def of(self, kind: bytes) -> dict[int, tuple[str, ...]]:
        """The outlines of a kind, to be read and added to."""
        if kind not in self._kinds:
            packed = self._packed.get(kind)
            self._kinds[kind] = {} if packed is None else marshal.loads(packed)  # noqa: S302
        return self._kinds[kind]

    def pack(self, numbers: Iterable[int]) -> dict[bytes, bytes]:
        """The outlines of the contents that had these `numbers`, which are their positions now.

        The kinds that were used last are kept.
        """
        numbers = [*numbers]
        latest = [*(kind for kind in self._packed if kind not in self._kinds), *self._kinds]
        kept = {}
        for kind in latest[-MOST_KINDS:]:
            known = self.of(kind)
            found = {at: known[old] for at, old in enumerate(numbers) if old in known}
            kept[kind] = marshal.dumps(found)
        return kept
