"""``rules.yaml`` -> `Config`, or every fault of it at once: ``rules.yaml:12:5: ...``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from ssot_lint.config.settings import FORMAT, TOP, Config, below_root, fault_of_rule_name
from ssot_lint.config.source import MARK_LINE, decode, has_mark, read_bytes, shown
from ssot_lint.errors import ConfigError, Problem, UsageError, did_you_mean
from ssot_lint.options import TEXT, declared
from ssot_lint.patterns import Pattern
from ssot_lint.rule import Rule
from ssot_lint.rules import BY_NAME

if TYPE_CHECKING:
    from ssot_lint.config.yamlnodes import Document

Way = tuple[str | int, ...]


def read(
    path: str,
    root: str | None = None,
    root_hint: str | None = None,
    kinds: Iterable[type[Rule]] | None = None,
) -> Config:
    """The rules file at `path`, understood; see `load`. UsageError if it cannot be read at all."""
    return load(decode(read_bytes(path), path), path, kinds, root=root, root_hint=root_hint)


def load(
    text: str,
    path: str,
    kinds: Iterable[type[Rule]] | None = None,
    *,
    root: str | None = None,
    root_hint: str | None = None,
    running: tuple[int, int] = sys.version_info[:2],
    is_folder: Callable[[str], bool] = os.path.isdir,
    read_file: Callable[[str], bytes] = read_bytes,
) -> Config:
    """The `Config` that `text` means, or ConfigError with every fault in it.

    `path` is the file's, for messages and for what is relative to it. The root is `root` if given;
    else the file's key ``root``; else `root_hint`, the folder of the ``pyproject.toml`` that names
    the file; else the file's folder (its parent if that is ``.ssot``). `running` is the Python
    that will parse the code. `is_folder` decides which folders exist: pass ``lambda _: True`` for
    a text of another time. `read_file` gives the bytes of a file that a rule names (an absolute
    path), or raises UsageError.
    """
    text = text.removeprefix("\ufeff")
    if not has_mark(text):
        message = f"the first line must be '{MARK_LINE}', which marks a file as rules for ssot-lint"
        raise ConfigError([Problem(shown(path), 1, 1, message)])
    # PyYAML is slow to import, and most runs of an editor's linter find no rules.
    from ssot_lint.config.yamlnodes import parse

    loading = _Loading(shown(path), parse(text), kinds, is_folder, read_file)
    return loading.config(os.path.abspath(path), root, root_hint, running)


class _Loading:
    """One rules file on its way: gathers problems, and finds the place of each."""

    def __init__(
        self,
        path: str,
        document: Document,
        kinds: Iterable[type[Rule]] | None,
        is_folder: Callable[[str], bool],
        read_file: Callable[[str], bytes],
    ) -> None:
        self._path = path
        self._read_file = read_file
        self._document = document
        self._kinds = BY_NAME if kinds is None else {kind.kind: kind for kind in kinds}
        self._is_folder = is_folder
        self._problems = [
            Problem(path, fault.line, fault.column, _one_line(fault.message))
            for fault in document.faults
        ]

    def config(
        self, path: str, root: str | None, root_hint: str | None, running: tuple[int, int]
    ) -> Config:
        top = self._document.value
        if not isinstance(top, dict):
            if not self._problems:
                self._fault((), "", f"expected keys and values, the first of them '{MARK_LINE}'")
            self._stop()
        self._check_version(top.get("ssot-lint"))
        values = self._top(top)
        self._check_python(values.get("python"), running)
        root = self._root(path, root, values.pop("root", None), root_hint)
        self._check_roots(root, values.get("roots", ()))
        rules = self._rules(values.pop("rules", ()), root)
        self._stop()
        return Config(
            path=path,
            root=root,
            rules=rules,
            baseline_named="baseline" in values,
            places=self._places(top),
            version=values.pop("ssot-lint"),
            **values,
        )

    def _check_version(self, version: Any) -> None:
        """Stops at a newer format: what the rest of the file means is not ours to say."""
        if type(version) is int and version > FORMAT:
            self._problems.clear()
            TOP["ssot-lint"].option.read(version, self._faulty("ssot-lint"))
            self._stop()

    def _top(self, top: dict[str, Any]) -> dict[str, Any]:
        """The options of the top level that the file gives."""
        for key in top:
            if key not in TOP:
                self._fault((key,), "", f"unknown key '{key}'{did_you_mean(key, TOP)}")
        values: dict[str, Any] = {}
        for name, entry in TOP.items():
            if name in top:
                values[name] = entry.option.read(top[name], self._faulty(name))
            elif entry.required:
                self._fault((), "", f"required key '{name}' is missing")
        return values

    def _check_python(self, needed: tuple[int, int] | None, running: tuple[int, int]) -> None:
        if needed is not None and running < needed:
            self._fault(
                ("python",),
                "",
                f"the code needs Python {needed[0]}.{needed[1]}, which {running[0]}.{running[1]} "
                "cannot parse: run ssot-lint on a newer Python",
            )

    def _root(self, path: str, given: str | None, key: str | None, hint: str | None) -> str:
        if given is not None:
            root = os.path.abspath(given)
            if not self._is_folder(root):
                raise UsageError(f"there is no folder '{_one_line(given)}' to be the root")
            return root
        folder = os.path.dirname(path)
        if key is not None:
            root = os.path.normpath(os.path.join(folder, key))
            if not self._is_folder(root):
                self._fault(("root",), "", f"there is no folder '{key}'")
            return root
        if hint is not None:
            return os.path.abspath(hint)
        return os.path.dirname(folder) if os.path.basename(folder) == ".ssot" else folder

    def _check_roots(self, root: str, roots: Iterable[str]) -> None:
        if self._is_folder(root):
            for index, folder in enumerate(roots):
                if not self._is_folder(os.path.join(root, folder)):
                    message = f"there is no folder '{folder}' below the root"
                    self._fault(("roots", index), "", message)

    def _rules(self, items: Iterable[Any], root: str) -> tuple[Rule, ...]:
        lines: dict[str, int] = {}
        built: list[tuple[Way, str, Rule]] = []
        for index, item in enumerate(items):
            way: Way = ("rules", index)
            if not isinstance(item, dict):
                self._fault(way, "", "expected a rule: a mapping with 'name', 'kind' and 'reason'")
                continue
            name = self._name(item, way, lines)
            rule = self._rule(item, way, name)
            if rule is not None:
                for option, message in rule.faults():
                    self._fault((*way, option), name, message)
                for option, path in rule.extra_files():
                    rule = self._with_file(rule, option, root, path, way)
                built.append((way, name, rule))
        rules = {name: rule for _, name, rule in built if name}
        return tuple(self._linked(rule, rules, lines, way, name) for way, name, rule in built)

    def _with_file(self, rule: Rule, option: str, root: str, path: str, way: Way) -> Rule:
        """`rule` with what the YAML file at `path` (below `root`) holds; faults stand there."""
        from ssot_lint.config.yamlnodes import parse

        try:
            full = os.path.join(root, below_root(path))
            document = parse(decode(self._read_file(full), full))
        except ValueError as error:
            self._fault((*way, option), rule.name, str(error))
            return rule
        except UsageError as error:
            for line in error.lines:
                self._fault((*way, option), rule.name, line)
            return rule

        def fault(message: str, *there: str | int) -> None:
            line, column = document.place(*there)
            self._problems.append(Problem(shown(full), line, column, _one_line(message)))

        for each in document.faults:
            problem = Problem(shown(full), each.line, each.column, _one_line(each.message))
            self._problems.append(problem)
        return rule if document.faults else rule.with_file(option, document.value, fault)

    def _name(self, item: dict[str, Any], way: Way, lines: dict[str, int]) -> str:
        """The rule's name; "" for none that could stand in a message."""
        name = item.get("name")
        if not isinstance(name, str) or not name.strip():
            return ""
        fault = fault_of_rule_name(name, self._kinds)
        if fault is None and name in lines:
            fault = f"the name '{name}' is taken by the rule on line {lines[name]}"
        if fault is not None:
            self._fault((*way, "name"), "", fault)
            return ""
        lines[name] = self._document.place(*way)[0]
        return name

    def _rule(self, item: dict[str, Any], way: Way, name: str) -> Rule | None:
        """The rule that a mapping means; None if an option is missing or cannot be read."""
        kind = self._kind(item, way, name)
        options = declared(kind or Rule)
        values: dict[str, Any] = {}
        before = len(self._problems)
        for key, entry in options.items():
            if key in item:
                values[key] = entry.option.read(item[key], self._faulty(*way, key, rule=name))
            elif entry.required:
                self._fault(way, name, f"required key '{key}' is missing")
        complete = len(self._problems) == before
        if kind is None:
            return None
        for key in item:
            if key != "kind" and key not in options:
                self._fault((*way, key), name, self._unknown_option(key, kind))
        if not complete:
            return None
        rule = kind(**values)
        return _ignoring_case(rule) if rule.ignore_case else rule

    def _kind(self, item: dict[str, Any], way: Way, name: str) -> type[Rule] | None:
        if "kind" not in item:
            self._fault(way, name, "required key 'kind' is missing")
            return None
        kind = item["kind"]
        if not TEXT.read(kind, self._faulty(*way, "kind", rule=name)):
            return None
        if kind not in self._kinds:
            known = f"; the kinds are {', '.join(sorted(self._kinds))}"
            near = did_you_mean(kind, self._kinds) or known
            self._fault((*way, "kind"), name, f"unknown kind '{kind}'{near}")
        return self._kinds.get(kind)

    def _unknown_option(self, key: str, kind: type[Rule]) -> str:
        others = [name for name, other in self._kinds.items() if key in declared(other)]
        if others:
            return f"unknown key '{key}': it belongs to {' and '.join(others)}, not to {kind.kind}"
        return f"unknown key '{key}'{did_you_mean(key, ['kind', *declared(kind)])}"

    def _linked(
        self, rule: Rule, rules: Mapping[str, Rule], lines: Container[str], way: Way, name: str
    ) -> Rule:
        try:
            return rule.linked(rules)
        except ValueError as error:
            option, message = error.args
            target = getattr(rule, option, None)
            # A link to a rule that is there, and has faults of its own, is not at fault.
            if target in rules or target not in lines:
                self._fault((*way, option), name, message)
            return rule

    def _places(self, top: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int]]:
        place = self._document.place
        places = {("", key): place(key) for key in top}
        for index, item in enumerate(top["rules"]):
            name = item["name"]
            places[name, ""] = place("rules", index)
            places.update({(name, key): place("rules", index, key) for key in item})
        return places

    def _faulty(self, *way: str | int, rule: str = "") -> Callable[..., None]:
        """What an option's reader calls: ``fault(message, *further_way)``."""
        return lambda message, *more: self._fault((*way, *more), rule, message)

    def _fault(self, way: Way, rule: str, message: str) -> None:
        line, column = self._document.place(*way)
        prefix = f"{rule}: " if rule else ""
        self._problems.append(Problem(self._path, line, column, _one_line(prefix + message)))

    def _stop(self) -> None:
        if self._problems:
            raise ConfigError(set(self._problems))


def _ignoring_case(rule: Rule) -> Rule:
    """`rule` with every pattern in it matching without regard to case."""
    changed = {field.name: _folding(getattr(rule, field.name)) for field in fields(rule)}
    return replace(rule, **changed)


def _folding(value: Any) -> Any:
    if isinstance(value, Pattern):
        return replace(value, ignore_case=True)
    if type(value) is tuple:
        return tuple(map(_folding, value))
    return value


def _one_line(message: str) -> str:
    """`message` in printable characters, of a length that can be read."""
    if len(message) > 500:
        message = message[:400] + " ... " + message[-80:]
    if message.isprintable():
        return message
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
