"""YAML text as plain data in which every entry knows its position.

Reads what ``yaml.safe_load`` reads, less what has no place in a rules file: tags other than those
of plain values, keys that are no texts or stand twice, merge keys, and more than one document.
Works on PyYAML's events, without recursion, so that neither nesting nor aliases can exhaust stack,
memory or time: an alias shares the node that its anchor names, and what the document would hold
with all aliases written out is counted before anybody walks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import yaml

MAX_DEPTH = 50
MAX_VALUES = 100_000
"""Values in a document, aliases written out; a text counts as one more per 64 characters."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CORE = "tag:yaml.org,2002:"
_SCALARS = frozenset({"null", "bool", "int", "float", "timestamp", "str"})
_LONGEST_NUMBER = 100
_NOT_PLAIN = re.compile("[^\t\n\r\x20-\x7e]")
_NOT_YAML = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


class Fault(NamedTuple):
    """What is wrong, and where: line and column are 1-based characters."""

    line: int
    column: int
    message: str


class Node:
    """A plain value, and for a collection the nodes and positions of its entries.

    An entry of a mapping stands where its key stands. `size` counts the values, aliases written
    out; `height` the levels of collections.
    """

    __slots__ = ("entries", "height", "size", "value")

    def __init__(self, value: Any, size: int = 1, height: int = 0) -> None:
        self.value = value
        self.size = size
        self.height = height
        self.entries: dict[str | int, tuple[int, int, Node]] = {}


class Document(NamedTuple):
    """One YAML document: its plain value (None if it could not be read at all) and its faults."""

    root: Node | None
    faults: tuple[Fault, ...]

    @property
    def value(self) -> Any:
        return self.root.value if self.root else None

    def place(self, *way: str | int) -> tuple[int, int]:
        """Line and column of the entry that keys and indexes lead to, or as far as they lead."""
        line, column, node = 1, 1, self.root
        for step in way:
            if node is None or step not in node.entries:
                break
            line, column, node = node.entries[step]
        return line, column


def parse(text: str, loader: Any = LOADER, *, most: int = MAX_VALUES) -> Document:
    """The one document that `text` holds. Never raises: what is wrong is in its faults.

    More than `most` values are a fault.
    """
    composer = _Composer(most)
    stray = _stray(text)
    if stray:
        fault = Fault(*position(text, stray.start()), f"character {_code(stray[0])} is not allowed")
        return Document(None, (fault,))
    try:
        for event in yaml.parse(text, Loader=loader):
            composer.feed(event)
    except _Fatal as fatal:
        return Document(None, (*composer.faults, fatal.fault))
    except yaml.MarkedYAMLError as error:
        return Document(None, (*composer.faults, _syntax_fault(error)))
    if composer.root is None:
        composer.faults.append(Fault(1, 1, "the file is empty"))
    return Document(composer.root, tuple(composer.faults))


def _stray(text: str) -> re.Match[str] | None:
    """The first character that no YAML file may hold."""
    special = _NOT_PLAIN.search(text)
    # Compiling the other one costs more than reading a rules file does, and few need it.
    return re.compile(_NOT_YAML).search(text, special.start()) if special else None


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column of the character at `index`."""
    line, start = 1, 0
    for match in _BREAK.finditer(text, 0, index):
        line, start = line + 1, match.end()
    return line, index - start + 1


class _Fatal(Exception):  # noqa: N818  (caught here; no error of ours leaves the module)
    def __init__(self, mark: Any, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(*_at(mark), message)


class _Open:
    """A collection that is being read; `key` is a mapping's key that waits for its value."""

    __slots__ = ("anchor", "key", "mark", "node")

    def __init__(self, node: Node, mark: Any, anchor: str | None) -> None:
        self.node = node
        self.mark = mark
        self.anchor = anchor
        self.key: tuple[str | None, Any] | None = None


class _Composer:
    """Builds nodes from events."""

    def __init__(self, most: int) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._most = most
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Node | None, int]] = {}
        self._size = 0
        self._scalars: Any = yaml.SafeLoader("")

    def feed(self, event: yaml.Event) -> None:
        mark = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            if self.root is not None:
                raise _Fatal(mark, "only one document is allowed in a file")
        elif isinstance(event, yaml.ScalarEvent):
            self._begin(event)
            node = self._scalar(event)
            self._grow(mark, node)
            self._name(event.anchor, node)
            self._attach(node, mark)
        elif isinstance(event, yaml.AliasEvent):
            node = self._aliased(event)
            self._grow(mark, node)
            self._attach(node, mark)
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            self._begin(event)
            mapping = isinstance(event, yaml.MappingStartEvent)
            self._check_tag(event, {"map"} if mapping else {"seq"})
            node = Node({} if mapping else [], height=1)
            self._grow(mark, node)
            self._open.append(_Open(node, mark, event.anchor))
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self._open.pop()
            self._name(closed.anchor, closed.node)
            self._attach(closed.node, closed.mark)

    def _fault(self, mark: Any, message: str) -> None:
        self.faults.append(Fault(*_at(mark), message))

    def _begin(self, event: yaml.NodeEvent) -> None:
        """Notes the anchor of a node that begins here; until it ends, the anchor names nothing."""
        if event.anchor is not None:
            if event.anchor in self._anchors:
                first = self._anchors[event.anchor][1]
                message = f"the anchor '{event.anchor}' is defined already, on line {first}"
                self._fault(event.start_mark, message)
            self._anchors[event.anchor] = (None, _at(event.start_mark)[0])

    def _name(self, anchor: str | None, node: Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = (node, self._anchors[anchor][1])

    def _aliased(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            raise _Fatal(event.start_mark, f"the alias '{event.anchor}' names nothing above it")
        node = self._anchors[event.anchor][0]
        if node is None:
            raise _Fatal(event.start_mark, f"the alias '{event.anchor}' contains itself")
        return node

    def _grow(self, mark: Any, node: Node) -> None:
        self._size += node.size
        if self._size > self._most:
            raise _Fatal(mark, f"too many values or aliases: more than {self._most:,} in all")
        if len(self._open) + node.height > MAX_DEPTH:
            raise _Fatal(mark, f"nested more than {MAX_DEPTH} levels deep")

    def _attach(self, node: Node, mark: Any) -> None:
        """Puts a complete node into the collection around it."""
        if not self._open:
            self.root = node
            return
        around = self._open[-1]
        parent = around.node
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        if isinstance(parent.value, list):
            parent.entries[len(parent.value)] = (*_at(mark), node)
            parent.value.append(node.value)
        elif around.key is None:
            around.key = (self._key(parent, node, mark), mark)
        else:
            key, place = around.key
            around.key = None
            if key is not None:
                parent.entries[key] = (*_at(place), node)
                parent.value[key] = node.value

    def _key(self, parent: Node, node: Node, mark: Any) -> str | None:
        """The key, or None for one that is refused (its value is then left out)."""
        key = node.value
        if key == "<<":
            self._fault(mark, "merge keys ('<<') are not supported; write the entries out")
        elif not isinstance(key, str):
            self._fault(mark, f"a key must be a text, found {_noun(key)}; write it in quotes")
        elif key in parent.entries:
            self._fault(mark, f"duplicate key '{key}', first on line {parent.entries[key][0]}")
        else:
            return key
        return None

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        text: str = event.value
        tag = self._check_tag(event, _SCALARS)
        if tag is None:
            # `implicit` says whether a plain, or a quoted, text may be untagged.
            tag = self._scalars.resolve(yaml.ScalarNode, text, event.implicit).removeprefix(_CORE)
        value: Any = text
        if tag in _SCALARS and tag != "str":
            value = self._construct(event, tag)
        elif bad := _NO_TEXT.search(text):
            self._fault(event.start_mark, f"character {_code(bad[0])} is not allowed in a text")
        return Node(value, size=1 + len(text) // 64)

    def _construct(self, event: yaml.ScalarEvent, tag: str) -> Any:
        text: str = event.value
        if len(text) > _LONGEST_NUMBER:
            # Reading a number takes time proportional to the square of its length.
            self._fault(event.start_mark, f"a number of {len(text)} characters is too long")
            return None
        construct = getattr(self._scalars, f"construct_yaml_{tag}")
        try:
            return construct(yaml.ScalarNode(_CORE + tag, text))
        except (ValueError, LookupError, AttributeError, OverflowError):
            noun = {"timestamp": "date", "int": "number", "float": "number"}.get(tag, tag)
            self._fault(event.start_mark, f"'{text}' is no valid {noun}")
            return None

    def _check_tag(self, event: Any, allowed: frozenset[str] | set[str]) -> str | None:
        """The short name of an explicit tag; None for no tag, or one that is refused."""
        tag: str | None = event.tag
        if tag is None:
            return None
        short = tag.removeprefix(_CORE)
        if tag != short and short in allowed:
            return short
        shown = "!!" + short if tag != short else tag
        self._fault(event.start_mark, f"tags are not allowed: '{shown}'")
        return None


def _at(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    words: Iterator[str] = filter(None, (error.problem, error.context))
    return Fault(*(_at(mark) if mark else (1, 1)), "not valid YAML: " + " ".join(words))


def _noun(value: Any) -> str:
    if value is None:
        return "nothing"
    nouns = {dict: "a mapping", list: "a list", bool: "true or false"}
    return nouns.get(type(value)) or ("a date" if isinstance(value, date) else "a number")


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"
