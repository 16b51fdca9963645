"""``rules.yaml`` -> `Config`, or every fault of it at once: ``rules.yaml:12:5: ...``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ssot_lint.config.problems import Problems, one_line
from ssot_lint.config.rules import RuleReader
from ssot_lint.config.settings import FORMAT, TOP, Config
from ssot_lint.config.source import MARK_LINE, decode, has_mark, read_bytes, shown
from ssot_lint.errors import ConfigError, Problem, UsageError, did_you_mean
from ssot_lint.rule import Rule
from ssot_lint.rules import BY_NAME

if TYPE_CHECKING:
    from ssot_lint.config.yamlnodes import Document


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
    """One rules file on its way: its top level, and where everything stands."""

    def __init__(
        self,
        path: str,
        document: Document,
        kinds: Iterable[type[Rule]] | None,
        is_folder: Callable[[str], bool],
        read_file: Callable[[str], bytes],
    ) -> None:
        self._document = document
        self._problems = Problems(path, document)
        known = BY_NAME if kinds is None else {kind.kind: kind for kind in kinds}
        self._rules = RuleReader(document, self._problems, known, read_file)
        self._is_folder = is_folder

    def config(
        self, path: str, root: str | None, root_hint: str | None, running: tuple[int, int]
    ) -> Config:
        top = self._document.value
        if not isinstance(top, dict):
            if not self._problems:
                self._problems.add(
                    (), "", f"expected keys and values, the first of them '{MARK_LINE}'"
                )
            self._problems.stop()
        self._check_version(top.get("ssot-lint"))
        values = self._top(top)
        self._check_python(values.get("python"), running)
        root = self._root(path, root, values.pop("root", None), root_hint)
        self._check_roots(root, values.get("roots", ()))
        rules = self._rules.read(values.pop("rules", ()), root)
        self._problems.stop()
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
            TOP["ssot-lint"].option.read(version, self._problems.reporter("ssot-lint"))
            self._problems.stop()

    def _top(self, top: dict[str, Any]) -> dict[str, Any]:
        """The options of the top level that the file gives."""
        for key in top:
            if key not in TOP:
                self._problems.add((key,), "", f"unknown key '{key}'{did_you_mean(key, TOP)}")
        values: dict[str, Any] = {}
        for name, entry in TOP.items():
            if name in top:
                values[name] = entry.option.read(top[name], self._problems.reporter(name))
            elif entry.required:
                self._problems.add((), "", f"required key '{name}' is missing")
        return values

    def _check_python(self, needed: tuple[int, int] | None, running: tuple[int, int]) -> None:
        if needed is not None and running < needed:
            self._problems.add(
                ("python",),
                "",
                f"the code needs Python {needed[0]}.{needed[1]}, which {running[0]}.{running[1]} "
                "cannot parse: run ssot-lint on a newer Python",
            )

    def _root(self, path: str, given: str | None, key: str | None, hint: str | None) -> str:
        if given is not None:
            root = os.path.abspath(given)
            if not self._is_folder(root):
                raise UsageError(f"there is no folder '{one_line(given)}' to be the root")
            return root
        folder = os.path.dirname(path)
        if key is not None:
            root = os.path.normpath(os.path.join(folder, key))
            if not self._is_folder(root):
                self._problems.add(("root",), "", f"there is no folder '{key}'")
            return root
        if hint is not None:
            return os.path.abspath(hint)
        return os.path.dirname(folder) if os.path.basename(folder) == ".ssot" else folder

    def _check_roots(self, root: str, roots: Iterable[str]) -> None:
        if self._is_folder(root):
            for index, folder in enumerate(roots):
                if not self._is_folder(os.path.join(root, folder)):
                    message = f"there is no folder '{folder}' below the root"
                    self._problems.add(("roots", index), "", message)

    def _places(self, top: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int]]:
        place = self._document.place
        places = {("", key): place(key) for key in top}
        for index, item in enumerate(top["rules"]):
            name = item["name"]
            places[name, ""] = place("rules", index)
            places.update({(name, key): place("rules", index, key) for key in item})
        return places
