"""The strings that expressions hold: dotted paths, single words, and strings written together."""

from __future__ import annotations

import ast
import sys
from typing import Any, Literal, NamedTuple

from ssot_lint.facts import strings
from ssot_lint.facts.context import dotted
from ssot_lint.facts.scopes import Frame
from ssot_lint.facts.walk import Display, Form, Mention
from ssot_lint.facts.words import short

Role = Literal["argument", "key", "annotation", "other"]

_MISPLACES_F_STRINGS = sys.version_info < (3, 12)


class Found(NamedTuple):
    """A dotted path in a string."""

    node: Any
    path: strings.Path
    role: Role
    callee: str
    package: str
    frame: Frame
    context: int
    place: Any


class Group(NamedTuple):
    """Expressions that share everything but themselves."""

    nodes: list[Any]
    frame: Frame
    context: int
    annotation: bool = False
    place: Any = None


class Quoted:
    """Collects the strings of the group of expressions that is being walked.

    `found`, `displays` and `words` (by scope, then by the word) are what it finds; what else a
    string holds goes where the caller says, or to a group of its own.
    """

    __slots__ = (
        "_annotation",
        "_context",
        "_frame",
        "_groups",
        "_place",
        "_words",
        "displays",
        "found",
        "words",
    )

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.displays: list[Display] = []
        self.words: dict[int, dict[str, Mention]] = {}
        self._groups: list[Group] = []

    def _enter(self, group: Group) -> None:
        """Goes on with the expressions of `group`."""
        _, self._frame, self._context, self._annotation, self._place = group
        self._words = self.words.setdefault(group.frame.index, {})

    def _text(
        self,
        text: strings.Literal,
        role: Role | None = None,
        callee: str = "",
        module: bool = False,
        package: str = "",
    ) -> None:
        if text.text is None:
            return
        path = strings.path_of(text.text, text.complete, module)
        if path is not None:
            role = role or ("annotation" if self._annotation else "other")
            where = (self._frame, self._context, self._place)
            self.found.append(Found(text.node, path, role, callee, package, *where))

    def _word(self, node: ast.Constant, words: dict[Any, Mention]) -> None:
        value = node.value
        if value not in words or _earlier(node, self._place, words[value]):
            words[value] = (node, self._context, self._place)

    def _parts(self, text: strings.Literal, node: Any, todo: list[Any]) -> None:
        """The expressions within a string expression."""
        for constant in text.constants:
            self._word(constant, self._words)
        if _MISPLACES_F_STRINGS and node.__class__ is ast.JoinedStr:
            place = self._place or node
            self._groups.append(Group(text.parts, self._frame, self._context, False, place))
        else:
            todo += text.parts

    def _string(self, node: Any, todo: list[Any]) -> None:
        text = strings.literal(node)
        if text is None:
            todo += (node.left, node.right)  # an operator between other things
        else:
            self._text(text)
            self._parts(text, node, todo)

    def _key(self, node: Any, todo: list[Any]) -> None:
        """`node` is a key of ``sys.modules``, or a dictionary of such keys."""
        if isinstance(node, ast.Dict):
            todo += node.values
            for key in node.keys:
                self._key(key, todo)
            return
        text = strings.literal(node)
        if text is None:
            todo.append(node)
        else:
            self._text(text, "key", module=not (text.text or "").startswith("."))
            self._parts(text, node, todo)

    def _argument(self, node: Any, call: Any, todo: list[Any], module: bool = False) -> None:
        text = strings.literal(node)
        if text is None:
            todo.append(node)
            return
        if text.text is not None and (module or "." in text.text):
            relative = module and text.text.startswith(".")
            package = strings.package_of(call) if relative else ""
            self._text(text, "argument", dotted(call.func), module, package)
        self._parts(text, node, todo)

    def _display(self, node: Any, form: Form, elements: list[Any]) -> None:
        values = short(elements) if len(elements) > 1 else ()
        if len(values) > 1:
            self.displays.append((node, form, values, self._frame, self._context, self._place))


def _earlier(node: Any, place: Any, known: Mention) -> bool:
    """Whether a string stands before where it is known to stand."""
    first, _, first_place = known
    node, first = place or node, first_place or first
    return (node.lineno, node.col_offset) < (first.lineno, first.col_offset)
