"""``ssot-lint cache``: info, clear."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click

from ssot_lint.cache import CacheFile, Info, clear, info, reader_version
from ssot_lint.cli.common import Rules, absolute, cache_folder, cache_option, rules_options
from ssot_lint.cli.console import say, tell
from ssot_lint.cli.exits import ExitCode
from ssot_lint.cli.group import Group
from ssot_lint.reporters.phrases import counted, one_line


@click.group("cache", cls=Group)
def command() -> None:
    """Show or remove what was kept from earlier runs."""


def _on_cache(body: Callable[[str], int]) -> Callable[..., int]:
    """Hands the command the cache's folder as an absolute path."""

    @wraps(body)
    def command(cache_dir: str | None, rules: Rules) -> int:
        if cache_dir is not None:  # then no rules are needed
            return body(absolute(cache_dir, "--cache-dir"))
        return body(cache_folder(rules.load(), None))

    decorated: Callable[..., Any] = cache_option(rules_options(command))
    return decorated


@command.command("info")
@_on_cache
def show(folder: str) -> int:
    """What the cache holds, for each interpreter that uses it."""
    lines = _lines(info(folder), reader_version())
    say("".join(f"{label:<10}{one_line(text)}\n" for label, text in lines))
    return ExitCode.DONE


@command.command("clear")
@_on_cache
def remove(folder: str) -> int:
    """Remove the cache: the next run reads every file anew."""
    count = clear(folder)
    tell(f"removed {counted(count, 'cache files')} from {one_line(folder)}")
    return ExitCode.DONE


def _lines(cache: Info, version: str) -> Iterator[tuple[str, str]]:
    yield "folder", cache.folder + ("" if os.path.lexists(cache.folder) else " (does not exist)")
    yield "size", counted(cache.bytes, "bytes")
    yield "version", version
    for file in cache.files:
        yield "file", f"{file.name}: {_holds(file, version)}"


def _holds(file: CacheFile, version: str) -> str:
    size = counted(file.bytes, "bytes")
    if file.version is None:
        return f"{size}; damaged: counts as empty"
    other = "" if file.version == version else f"; of another version: {file.version}"
    return (
        f"{size}, {counted(file.paths, 'files')}, {counted(file.contents, 'contents')} "
        f"({file.parsed} parsed), {counted(file.word_sets, 'word sets')}{other}"
    )
