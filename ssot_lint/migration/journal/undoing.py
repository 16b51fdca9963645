"""What undoing batches means for each file, and doing it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from ssot_lint import git
from ssot_lint.errors import GitError
from ssot_lint.migration.journal.disk import (
    Found,
    New,
    StrangeFileError,
    content_hash,
    look,
    make_folders,
    put,
    remove_folders,
    sweep,
    sync_folders,
    temporary_beside,
    write_all,
)
from ssot_lint.migration.journal.images import Images
from ssot_lint.migration.journal.model import ABSENT, Batch, Kept, Touched, Undone

EDITED = "was edited since"
GONE = "was removed since"

Merge = Callable[[str, str, str], "str | None"]
"""From the content hashes of what a file holds, of what the change that is to be taken out of it
made, and of what that change was made to, to the hash of the result, None for a conflict.
"""


class Fate(NamedTuple):
    """What becomes of a file: it holds `found`, and is to hold what has the hash `target`.

    `mode` are its permission bits then, None for those that it has. `reason` says why nothing can
    be done, "" if it can; `merged` that the target is the outcome of a three-way merge.
    """

    path: str
    found: Found
    target: str = ABSENT
    mode: int | None = None
    reason: str = ""
    merged: bool = False

    @property
    def is_to_change(self) -> bool:
        """Whether something is to be done, and can be."""
        if self.reason or self.found.hash != self.target:
            return not self.reason
        if self.found.stat is None or self.mode is None:
            return False
        return stat.S_IMODE(self.found.stat.st_mode) != self.mode


def survey(
    root: str, touched: Iterable[Touched], later: Mapping[str, str], merge: Merge | None = None
) -> list[Fate]:
    """The fates of all files, by path, if what `touched` says (oldest first) is to be undone.

    `later` says for files that were touched again which run did so. Reads the files, and writes
    nothing but what `merge` does.
    """
    chains: dict[str, list[Touched]] = {}
    for link in touched:
        chains.setdefault(link.path, []).append(link)
    return [_fate(root, chain, later, merge) for _, chain in sorted(chains.items())]


def _fate(
    root: str, chain: Sequence[Touched], later: Mapping[str, str], merge: Merge | None
) -> Fate:
    path = chain[0].path
    try:
        found = look(root, path)
    except StrangeFileError as strange:
        return Fate(path, Found(ABSENT, b"", None), reason=str(strange))
    # A file that was never away has the mode that it had, or one that somebody gave it since.
    anew = found.stat is None or any(link.after == ABSENT for link in chain)
    mode = chain[0].mode if anew else None
    target = _unwind(chain, found.hash)
    if target is not None:
        return Fate(path, found, target, mode)
    if path in later:
        return Fate(path, found, reason=f"was changed again by run {later[path]}")
    if found.stat is None:
        return Fate(path, found, reason=GONE)
    target = _unwind(chain, found.hash, merge) if merge else None
    if target is not None:
        return Fate(path, found, target, mode, merged=True)
    return Fate(path, found, reason=f"{EDITED}, in the same lines" if merge else EDITED)


def _unwind(chain: Sequence[Touched], now: str, merge: Merge | None = None) -> str | None:
    """The content hash of a file that holds `now` when the changes of `chain` are taken out of it;
    None if somebody else edited it, or `merge` cannot help.
    """
    known = [number for number, link in enumerate(chain) if now in (link.before, link.after)]
    last = known[-1] if known else len(chain) - 1
    for link in reversed(chain[: last + 1]):
        if now in (link.before, link.after):
            now = link.before
            continue
        merged = merge(now, link.after, link.before) if merge else None
        if merged is None:
            return None
        now = merged
    return now


def merge_by_git(images: Images, edited: Mapping[str, bytes]) -> Merge:
    """A three-way merge by ``git merge-file`` of images; `edited` holds contents that are none yet.

    Raises GitError where git is missing.
    """

    def merge(now: str, after: str, before: str) -> str | None:
        if ABSENT in (now, after, before):
            return None
        if now in edited:
            images.keep([edited[now]])
        folder = os.path.dirname(images.path(now))
        code, merged, problem = git.run(
            folder, "merge-file", "-p", *map(images.path, (now, after, before))
        )
        if code > 127:
            if "binary" in problem:
                return None
            raise GitError(f"git merge-file: {problem}")
        if code:
            return None
        images.keep([merged])
        return content_hash(merged)

    return merge


def undo(root: str, images: Images, batches: Sequence[Batch], fates: Sequence[Fate]) -> Undone:
    """Gives files the contents that their fates name, and removes what killed runs left.

    A file that is edited in this very moment is kept, too. UsageError if a file cannot be written:
    then what is left to do is found out by another survey.
    """
    kept = {fate.path: fate.reason for fate in fates if fate.reason}
    doable = [fate for fate in fates if fate.is_to_change]
    restored: list[str] = []
    merged: list[str] = []
    run = batches[0].run
    sweep((os.path.dirname(os.path.join(root, fate.path)) for fate in fates), run)
    made = _missing_folders(root, (fate.path for fate in doable if fate.target != ABSENT))
    staged = {fate.path: _staged(root, images, fate, run) for fate in doable}
    try:
        make_folders(root, made)
        write_all([new for new in staged.values() if new is not None])
        for fate in doable:
            new = staged[fate.path]
            if put(root, fate.path, fate.found.hash, new.path if new else None):
                (merged if fate.merged else restored).append(fate.path)
            else:
                kept[fate.path] = EDITED
    finally:
        for new in staged.values():
            if new is not None:
                with suppress(OSError):
                    os.unlink(new.path)
    sync_folders(os.path.dirname(os.path.join(root, fate.path)) for fate in doable)
    remove_folders(root, {folder for batch in batches for folder in batch.folders})
    return Undone(
        tuple(restored), tuple(merged), tuple(Kept(*each) for each in sorted(kept.items()))
    )


def _staged(root: str, images: Images, fate: Fate, run: str) -> New | None:
    if fate.target == ABSENT:
        return None
    target = os.path.join(root, fate.path)
    data = images.read(fate.target)
    return New(temporary_beside(target, run), fate.path, data, like=fate.found.stat, mode=fate.mode)


def _missing_folders(root: str, paths: Iterable[str]) -> list[str]:
    missing = set()
    for path in paths:
        folder = os.path.dirname(path)
        while folder and not os.path.lexists(os.path.join(root, folder)):
            missing.add(folder)
            folder = os.path.dirname(folder)
    return sorted(missing)
