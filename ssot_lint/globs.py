"""File globs in ``.gitignore`` syntax, matched by path component.

A path is matched if a glob names it or one of the folders above it; of several globs that name the
same path the last one decides, and a glob that begins with ``!`` takes back. A folder is decided
once: what lies in a matched folder cannot be taken back, so that a walker may prune it. The source
is gitignore(5) and, where that is silent, git's ``wildmatch.c``. Three things differ on purpose:
characters are characters, not bytes; case always counts; a slash in brackets is a slash.

Every glob splits into a test of the folder and a test of the name in it. The globs whose folder
test holds are the same for most folders, so that a name is tested once for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import NamedTuple

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_CLASS = re.compile(r"\[:([^]]*):\]")
_FOLDER = "(?:[^/]+/)"

_Component = str | tuple[str, ...] | None
"""A literal name, or regular expressions for what stands between stars, or None for ``**``."""


@dataclass(frozen=True)
class Globs:
    """A list of globs, in order; make one with `Globs.parse` or `Globs.of_gitignore`.

    Paths are POSIX, relative to the folder that the globs are relative to, without a leading
    ``./`` and without a trailing slash.
    """

    lines: tuple[str, ...] = ()

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Globs:
        """The globs, or ValueError with what is wrong with one of them in words for the user."""
        globs = cls(tuple(lines))
        globs._parsed  # noqa: B018  (parsing is what finds the fault)
        return globs

    @classmethod
    def of_gitignore(cls, text: str) -> Globs:
        """The globs of a ``.gitignore`` file; as for git, a line may match nothing."""
        lines = []
        for line in text.removeprefix("\ufeff").split("\n"):
            line = line.removesuffix("\r")
            try:
                _Line.parse(0, line)
            except ValueError:
                continue
            lines.append(line)
        return cls(tuple(lines))

    def match_file(self, path: str) -> bool:
        """Whether the file `path`, or a folder above it, is matched."""
        return self.matched_by(self.deciding_line(path))

    def verdict(self, path: str, is_dir: bool) -> bool | None:
        """What the globs say about `path` itself, for a walker that pruned the folders above.

        True: matched. False: taken back by ``!``. None: no glob names it.
        """
        index = self.line_for(path, is_dir)
        return None if index is None else self.matched_by(index)

    def line_for(self, path: str, is_dir: bool) -> int | None:
        """The index of the line that decides about `path` itself, for a walker."""
        folder, slash, name = path.rpartition("/")
        return self._level(folder + slash).line_for(name, is_dir)

    def deciding_line(self, path: str) -> int | None:
        """The index of the line that decides about the file `path`: its own, or a folder's."""
        folder, slash, name = path.rpartition("/")
        above = self._line_of_folder(folder) if slash else None
        return self._level(folder + slash).line_for(name, False) if above is None else above

    def matched_by(self, index: int | None) -> bool:
        """Whether the line at `index` matches (True) or takes back; False for None."""
        return index is not None and not self._parsed[index].negated

    def _line_of_folder(self, folder: str) -> int | None:
        """The index of the line that matches `folder` or the first matched folder above it."""
        try:
            return self._folders[folder]
        except KeyError:
            index = None
            for end in [at for at, char in enumerate(folder) if char == "/"] + [len(folder)]:
                index = self.line_for(folder[:end], True)
                if self.matched_by(index):
                    break
                index = None
            self._folders[folder] = index
            return index

    def _level(self, folder: str) -> _Level:
        """The tests for names in `folder`, which ends in a slash, or is "" for the top."""
        try:
            return self._levels[folder]
        except KeyError:
            lines = tuple(line for line in self._parsed if line.in_folder(folder))
            if lines not in self._shared:
                self._shared[lines] = _Level(lines)
            level = self._levels[folder] = self._shared[lines]
            return level

    @cached_property
    def _parsed(self) -> tuple[_Line, ...]:
        return tuple(_Line.parse(index, line) for index, line in enumerate(self.lines))

    @cached_property
    def _levels(self) -> dict[str, _Level]:
        return {}

    @cached_property
    def _shared(self) -> dict[tuple[_Line, ...], _Level]:
        return {}

    @cached_property
    def _folders(self) -> dict[str, int | None]:
        return {}

    def __reduce__(self) -> tuple[type[Globs], tuple[tuple[str, ...]]]:
        return Globs, (self.lines,)  # without what was memoised


class _Level:
    """The lines that apply in a folder, and what they say about the names seen so far."""

    __slots__ = ("_files", "_folders", "_globs", "_literals")

    def __init__(self, lines: tuple[_Line, ...]) -> None:
        self._globs = [line for line in reversed(lines) if line.glob is not None]
        self._literals: dict[str, list[_Line]] = {}
        for line in reversed(lines):
            if line.glob is None:
                self._literals.setdefault(line.name, []).append(line)
        self._files: dict[str, int | None] = {}
        self._folders: dict[str, int | None] = {}

    def line_for(self, name: str, is_dir: bool) -> int | None:
        """The index of the last line that names `name`."""
        known = self._folders if is_dir else self._files
        try:
            return known[name]
        except KeyError:
            index = known[name] = max(self._lines_for(name, is_dir), default=None)
            return index

    def _lines_for(self, name: str, is_dir: bool) -> Iterator[int]:
        for line in self._literals.get(name, ()):
            if is_dir or not line.only_folders:
                yield line.number
                break
        for line in self._globs:
            if (is_dir or not line.only_folders) and line.glob and line.glob(name):
                yield line.number
                break


class _Line(NamedTuple):
    """One glob: `folder` tests the folder above (None: any), `glob` the name (None: by `name`)."""

    number: int
    negated: bool
    only_folders: bool
    folder: Callable[[str], object] | None
    glob: Callable[[str], object] | None
    name: str

    @classmethod
    def parse(cls, number: int, line: str) -> _Line:
        """The line at the index `number`, or ValueError for one that can match nothing."""
        text = _without_trailing_spaces(line)
        if not text:
            raise ValueError("a file glob cannot be empty")
        if "\n" in text:
            raise ValueError(f"{line!r}: a file glob is one line")
        if text.startswith("#"):
            raise ValueError(f"'{line}' is a comment in .gitignore syntax; write '\\{line}'")
        negated = text.startswith("!")
        body = text[1:] if negated else text
        only_folders = body.endswith("/")
        anchored = "/" in body[:-1]
        body = body.removesuffix("/").removeprefix("/")
        if not body:
            raise ValueError(f"'{line}' matches nothing; '*' matches everything")
        parts = body.split("/")
        if not {"", ".", ".."}.isdisjoint(parts):
            raise ValueError(f"'{line}' matches nothing: write a path without '.', '..' and '//'")
        try:
            *above, last = [_component(part) for part in parts]
        except ValueError as error:
            raise ValueError(f"'{line}': {error}") from None
        if not anchored or last is None:
            above.append(None)
        return cls(
            number,
            negated,
            only_folders,
            None if above == [None] else re.compile(_folder_regex(above), re.DOTALL).fullmatch,
            None if isinstance(last, str) else re.compile(_name_regex(last), re.DOTALL).fullmatch,
            last if isinstance(last, str) else "",
        )

    def in_folder(self, folder: str) -> bool:
        """Whether the line says anything about names in `folder` ("" or ending in a slash)."""
        return self.folder is None or self.folder(folder) is not None


def _without_trailing_spaces(line: str) -> str:
    """`line` without its trailing spaces, but for one that a backslash escapes."""
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and bare != line else bare


def _component(part: str) -> _Component:
    """One component, understood; ValueError if it can match no name."""
    if len(part) > 1 and not part.strip("*"):
        return None
    runs, name, wild, at = [""], "", False, 0
    while at < len(part):
        char = part[at]
        at += 1
        if char in "*?[":
            wild = True
        if char == "*":
            runs.append("")
        elif char == "?":
            runs[-1] += "[^/]"
        elif char == "[":
            regex, at = _bracket(part, at)
            runs[-1] += regex
        else:
            if char == "\\":
                char = part[at : at + 1]
                at += 1
                if not char:
                    raise ValueError("the backslash at the end escapes nothing")
            name += char
            runs[-1] += re.escape(char)
    return tuple(runs) if wild else name


def _bracket(part: str, at: int) -> tuple[str, int]:
    """The bracket expression whose inside starts at `at`, as a regular expression, and its end."""
    negated = part[at : at + 1] in ("!", "^")
    start = at = at + negated
    items: list[str] = []
    low = ""  # what a "-" would start from
    while at == start or part[at : at + 1] != "]":
        named = _CLASS.match(part, at)
        if named:
            if named[1] not in _CLASSES:
                raise ValueError(f"there is no character class '{named[0]}'")
            items.append(_CLASSES[named[1]])
            low, at = "", named.end()
            continue
        ranged = low != "" and part.startswith("-", at) and part[at + 1 : at + 2] not in ("", "]")
        if ranged:
            at += 1
        if part.startswith("\\", at):
            at += 1
        if at >= len(part):
            raise ValueError("a '[' is not closed by ']'")
        char = part[at]
        at += 1
        if not ranged:
            items.append(re.escape(char))
        elif low <= char:
            items.append(f"{re.escape(low)}-{re.escape(char)}")
        low = "" if ranged else char
    inside = "".join(items)
    if negated:
        return f"[^/{inside}]", at + 1
    return (f"[{inside}]" if inside else "(?!)"), at + 1


def _name_regex(component: _Component) -> str:
    return "[^/]+" if component is None else _component_regex(component, count())


def _folder_regex(components: list[_Component]) -> str:
    numbers = count()
    runs = [""]
    for component in components:
        if component is None:
            runs.append("")
        else:
            runs[-1] += _component_regex(component, numbers) + "/"
    return _spread(runs, _FOLDER, numbers)


def _component_regex(component: str | tuple[str, ...], numbers: Iterator[int]) -> str:
    if isinstance(component, str):
        return re.escape(component)
    return _spread(component, "[^/]", numbers)


def _spread(runs: Sequence[str], gap: str, numbers: Iterator[int]) -> str:
    """`runs` with any number of `gap` between them, without backtracking into an earlier gap.

    The leftmost place for an inner run leaves most room for the others, so that it is never
    reconsidered: a lookahead and a reference to what it found make an atomic group, which ``re``
    lacks before Python 3.11. Time is the product of pattern and text, at worst.
    """
    if len(runs) == 1:
        return runs[0]
    first, *inner, last = runs
    atoms = "".join(
        f"(?=(?P<r{number}>{gap}*?{run}))(?P=r{number})"
        for run, number in zip(filter(None, inner), numbers, strict=False)
    )
    return f"{first}{atoms}{gap}*{last}"
