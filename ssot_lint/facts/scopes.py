"""Which scope a name belongs to: Python's scoping rules, applied when all bindings are known."""

from __future__ import annotations

from typing import Literal

Kind = Literal["module", "class", "function", "lambda", "comprehension", "parameters"]


_NONE: frozenset[str] = frozenset()


class Frame:
    """One namespace of a file.

    `index` is the fact scope it is reported as: lambdas, comprehensions and lists of type
    parameters are no scopes of their own there (`visible` is False). `bound` holds the names
    that anything binds here, `imported` those that an import does. `receiver` is the first
    parameter of a method ("" where there is none), `yields` tells a generator.
    """

    __slots__ = (
        "bound",
        "imported",
        "index",
        "kind",
        "module",
        "outer",
        "parent",
        "receiver",
        "redirected",
        "resolved",
        "visible",
        "yields",
    )

    def __init__(self, kind: Kind, parent: Frame | None, index: int, visible: bool = False) -> None:
        self.kind = kind
        self.parent = parent
        self.index = index
        self.visible = visible
        self.module: Frame = parent.module if parent else self
        self.bound: set[str] = set()
        self.imported: set[str] = set()
        self.receiver = ""
        self.yields = False
        self.redirected: frozenset[str] = _NONE  # names of `global` statements
        self.outer: frozenset[str] = _NONE  # names of `nonlocal` statements
        self.resolved: dict[str, Frame | None] = {}

    def owner(self, name: str) -> Frame:
        """The frame in which a binding of `name` that is written here takes effect."""
        if name in self.redirected:
            return self.module
        if name in self.outer:
            frame = self.parent
            while frame is not None:
                if frame.kind not in ("module", "class") and name in frame.bound:
                    return frame.owner(name)
                frame = frame.parent
        return self

    def lookup(self, name: str) -> Frame | None:
        """The frame whose binding a use of `name` here refers to; None if there is none.

        Call it only when every binding of the file is known.
        """
        try:
            return self.resolved[name]
        except KeyError:
            found = self.resolved[name] = self._search(name)
            return found

    def _search(self, name: str) -> Frame | None:
        frame: Frame | None = self
        inside_class = True  # a class is seen from its own body and its type parameters only
        while frame is not None:
            if name in frame.redirected:
                return self.module if name in self.module.bound else None
            hidden = frame.kind == "class" and not inside_class
            if name in frame.bound and name not in frame.outer and not hidden:
                return frame
            inside_class = inside_class and frame.kind == "parameters"
            frame = frame.parent
        return None


def release(frames: list[Frame]) -> None:
    """Breaks the circles of frames, so that they go without a search for garbage.

    While files are read nobody looks for any.
    """
    for frame in frames:
        del frame.module
        frame.resolved.clear()


def settle(frames: list[Frame]) -> None:
    """Carries what ``global`` and ``nonlocal`` redirect to the frames that own it."""
    for frame in frames:
        for name in frame.redirected & frame.bound:
            frame.module.bound.add(name)
