"""The entries under ``rules``, understood: each becomes a rule of its kind."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from ssot_lint.config.problems import Problems, Way
from ssot_lint.config.settings import below_root, fault_of_rule_name
from ssot_lint.config.source import decode, shown
from ssot_lint.errors import UsageError, did_you_mean
from ssot_lint.options import TEXT, declared
from ssot_lint.patterns import Pattern
from ssot_lint.rule import Rule

if TYPE_CHECKING:
    from ssot_lint.config.yamlnodes import Document


class RuleReader:
    """Reads the rules of one document; what is wrong with them joins `problems`."""

    def __init__(
        self,
        document: Document,
        problems: Problems,
        kinds: Mapping[str, type[Rule]],
        read_file: Callable[[str], bytes],
    ) -> None:
        self._document = document
        self._problems = problems
        self._kinds = kinds
        self._read_file = read_file

    def read(self, items: Iterable[Any], root: str) -> tuple[Rule, ...]:
        """The rules that the items of the list mean; paths in them are below `root`."""
        lines: dict[str, int] = {}
        built: list[tuple[Way, str, Rule]] = []
        for index, item in enumerate(items):
            way: Way = ("rules", index)
            if not isinstance(item, dict):
                self._problems.add(
                    way, "", "expected a rule: a mapping with 'name', 'kind' and 'reason'"
                )
                continue
            name = self._name(item, way, lines)
            rule = self._rule(item, way, name)
            if rule is not None:
                for option, message in rule.faults():
                    self._problems.add((*way, option), name, message)
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
            self._problems.add((*way, option), rule.name, str(error))
            return rule
        except UsageError as error:
            for line in error.lines:
                self._problems.add((*way, option), rule.name, line)
            return rule

        def fault(message: str, *there: str | int) -> None:
            self._problems.add_in(shown(full), document, there, message)

        self._problems.add_faults(shown(full), document)
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
            self._problems.add((*way, "name"), "", fault)
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
                values[key] = entry.option.read(
                    item[key], self._problems.reporter(*way, key, rule=name)
                )
            elif entry.required:
                self._problems.add(way, name, f"required key '{key}' is missing")
        complete = len(self._problems) == before
        if kind is None:
            return None
        for key in item:
            if key != "kind" and key not in options:
                self._problems.add((*way, key), name, self._unknown_option(key, kind))
        if not complete:
            return None
        rule = kind(**values)
        return _ignoring_case(rule) if rule.ignore_case else rule

    def _kind(self, item: dict[str, Any], way: Way, name: str) -> type[Rule] | None:
        if "kind" not in item:
            self._problems.add(way, name, "required key 'kind' is missing")
            return None
        kind = item["kind"]
        if not TEXT.read(kind, self._problems.reporter(*way, "kind", rule=name)):
            return None
        if kind not in self._kinds:
            known = f"; the kinds are {', '.join(sorted(self._kinds))}"
            near = did_you_mean(kind, self._kinds) or known
            self._problems.add((*way, "kind"), name, f"unknown kind '{kind}'{near}")
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
                self._problems.add((*way, option), name, message)
            return rule


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
