"""The flake8 plugin: what can be told of one file, on the text that flake8 hands over.

flake8 makes one `Plugin` for each file, in as many processes as it likes, and editors keep such a
process for days. So nothing here outlives a file but what was read from one, under what that file
looked like when it was read; a process that lacks it reads again.

What is unusable is either said before any file is checked (where an option names it), or is one
SOT002 at the top of the file. Nothing else leaves `Plugin.run`: flake8 does not catch what a
plugin raises there, and editors switch a linter off that ends with a traceback.

Importing this module must stay cheap, because flake8 imports it in every run.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from ssot_lint.builtin import BrokenRule
from ssot_lint.errors import UsageError

if TYPE_CHECKING:
    import ast
    from argparse import Namespace
    from collections.abc import Callable, Iterator, Sequence

    from ssot_lint.baseline import Baseline
    from ssot_lint.cache import Cache
    from ssot_lint.config import Config, Found, Searched
    from ssot_lint.engine import Editor, Request

Value = TypeVar("Value")
_Kept = dict[Any, tuple[Any, Value]]
"""Values by key, each with the state of the disk that it was made from."""

_searches: _Kept[Found | Searched] = {}
_configs: _Kept[Config] = {}
_baselines: _Kept[Baseline | None] = {}
_editors: _Kept[Editor] = {}
_caches: _Kept[Cache] = {}


class Plugin:
    """One file. The parameters of the constructor, by their names, are what flake8 gives.

    `lines` and `tree` are the text to judge, which may be newer than the disk's; `filename` is
    where it belongs, relative to the working directory or absolute.
    """

    def __init__(
        self, tree: ast.Module, filename: str, lines: Sequence[str], options: Namespace
    ) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines
        self._options = options

    @staticmethod
    def add_options(manager: Any) -> None:
        """Declare ``--ssot-rules`` and ``--ssot-baseline``, also for flake8's configuration."""
        for name, what in (
            ("rules", "The rules file (default: looked for from each file upward)."),
            ("baseline", "The file of tolerated violations, in place of the one of the rules."),
        ):
            manager.add_option(
                f"--ssot-{name}",
                metavar="FILE",
                default=None,
                parse_from_config=True,
                normalize_paths=True,
                help=what,
            )
            # flake8.utils.normalize_path leaves a path without a slash alone, and nobody else is
            # told the folder of the configuration file. Should a later flake8 keep its options
            # elsewhere, only such paths are the worse for it.
            for option in getattr(manager, "options", ())[-1:]:
                option.normalize = _beside

    @staticmethod
    def parse_options(_manager: Any, options: Namespace, _filenames: Sequence[str]) -> None:
        """Refuse files that an option names and that are unusable: flake8's ``ExecutionError``.

        Makes their paths absolute; one that is empty counts as none.
        """
        options.ssot_rules = _absolute(options.ssot_rules)
        options.ssot_baseline = _absolute(options.ssot_baseline)
        try:
            _try_named(options.ssot_rules, options.ssot_baseline)
        except UsageError as error:
            from flake8.exceptions import ExecutionError  # type: ignore[import-untyped]

            raise ExecutionError("\n".join(map(_printable, error.lines))) from None
        except Exception:
            return  # a fault of ours: every file will say so

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Line (from 1), column (from 0), ``CODE message [rule]``, for each new violation."""
        for line, column, text in self._findings():
            yield max(line, 1), max(column - 1, 0), _printable(text), type(self)

    def _findings(self) -> Sequence[tuple[int, int, str]]:
        try:
            return self._lint()
        except UsageError as error:
            problem = error.lines[0]
        except Exception as error:
            problem = (
                f"internal error: {type(error).__name__}: {error}; "
                "run 'ssot-lint check' on this file to see where"
            )
        return ((1, 1, f"{BrokenRule.code} {problem} [{BrokenRule.kind}]"),)

    def _lint(self) -> Sequence[tuple[int, int, str]]:
        path = os.path.abspath(self._filename)
        config = _config_for(path, self._options.ssot_rules)
        if config is None:
            return ()
        editor = _editor(config, self._options.ssot_baseline)
        noqa = not self._options.disable_noqa
        violations = editor.lint(path, self._tree, self._lines, noqa=noqa)
        return [
            (v.span.line, v.span.column, f"{v.code} {v.message} [{v.rule}]") for v in violations
        ]


def _beside(value: str, folder: str = os.curdir) -> str:
    """A path from a configuration file in `folder`."""
    return value and os.path.abspath(os.path.join(folder, value))


def _absolute(path: str | None) -> str | None:
    return os.path.abspath(path) if path else None


def _printable(text: str) -> str:
    """`text` on one line, without the lone surrogates of undecodable file names."""
    return " ".join(text.splitlines()).encode("utf-8", "backslashreplace").decode("utf-8")


def _try_named(rules: str | None, baseline: str | None) -> None:
    """Reads what options name; UsageError if it cannot be used."""
    config = _config_for("", rules) if rules else None
    if baseline is None:
        return
    if config is not None:
        from ssot_lint.engine import Request

        _baseline(config, Request(baseline=baseline))
    else:
        from ssot_lint.baseline import read
        from ssot_lint.config import shown

        read(baseline, name=shown(baseline))


def _config_for(path: str, rules: str | None) -> Config | None:
    """The rules in the file `rules`, else those that apply to the file at `path`, if any do.

    Both paths are absolute. Raises UsageError for rules that cannot be used.
    """
    from ssot_lint.config import Found, find, read

    found = find(rules=rules) if rules else _search(os.path.dirname(path))
    if not isinstance(found, Found):
        return None
    return _remembered(
        _configs,
        (found.path, found.root_hint),
        _state(found.path),
        lambda: read(found.path, root_hint=found.root_hint),
    )


def _search(folder: str) -> Found | Searched:
    from ssot_lint.config import search

    return _remembered(_searches, folder, tuple(_watched(folder)), lambda: search(folder))


def _watched(folder: str) -> Iterator[object]:
    """The states of all files that decide what a search from `folder` finds."""
    from ssot_lint.config.find import NAMES

    while True:
        for name in ("pyproject.toml", *NAMES):
            yield _state(os.path.join(folder, name))
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")):
            return
        folder = above


def _editor(config: Config, baseline: str | None) -> Editor:
    from ssot_lint.clock import current_date
    from ssot_lint.engine import Editor, Request

    request = Request(baseline=baseline, today=current_date())
    return _remembered(
        _editors,
        (config.path, config.root, baseline),
        (config, request.today),  # an editor may be open for days
        lambda: Editor(config, request, load=_baseline, open_cache=_cache),
    )


def _cache(config: Config) -> Cache:
    """What the last ``check`` left, and what this process has read since."""
    from ssot_lint.cache import Cache, cache_file, folder_of

    folder = folder_of(config.root)
    before = _caches.get(folder)
    current = _remembered(
        _caches,
        folder,
        _state(cache_file(folder)),
        lambda: Cache.open(folder, version=_version()),
    )
    if before is not None and before[1] is not current:
        before[1].close()  # others may hold it until garbage is collected
    current.renew()
    return current


@cache
def _version() -> str:
    """The version of the reader that runs here, whatever is installed later."""
    from ssot_lint.cache import reader_version

    return reader_version()


def _baseline(config: Config, request: Request) -> Baseline | None:
    """As `load_baseline`, once for as long as neither rules nor baseline change."""
    from ssot_lint.engine.compare import baseline_path, load_baseline

    path = baseline_path(config, request)
    state = (config, request.baseline, _state(path))
    return _remembered(_baselines, path, state, lambda: load_baseline(config, request))


def _remembered(kept: _Kept[Value], key: object, state: object, make: Callable[[], Value]) -> Value:
    """The value of `make` when `state` was last another; its errors are not kept."""
    before = kept.get(key)
    if before is not None and before[0] == state:
        return before[1]
    # The state was taken before the file is read, so that a later change is always noticed.
    value = make()
    kept[key] = state, value
    return value


def _state(path: str) -> tuple[int, ...] | None:
    """What a file looks like from outside; None if there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
