"""Questions to git. It is asked through its command, never about what a user's settings change.

Paths are POSIX, relative to the folder of the `Repository`, as Python decodes file names
(undecodable bytes as lone surrogates).
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ssot_lint.errors import GitError

# Hooks run with these set, some of them relative to another folder than ours; the others change
# what the commands below print. What tells git how to reach the repository stays.
_MISLEADING = {
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
}
_DIFF = (
    *("diff", "--relative", "--no-ext-diff", "--no-textconv"),
    *("--no-color", "-O/dev/null", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/"),
)
_RENAMES = ("-M50%", "-l0")
_HUNK = rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@"
_QUOTED = rb"\\([0-7]{3}|.)"
_ESCAPES = {
    b"a": b"\a",
    b"b": b"\b",
    b"t": b"\t",
    b"n": b"\n",
    b"v": b"\v",
    b"f": b"\f",
    b"r": b"\r",
}


class Repository(NamedTuple):
    """A folder in a working tree; make one with `Repository.at`.

    `prefix` is the way from the repository's top to the folder: "" or "some/folder/".
    """

    folder: str
    top: str
    prefix: str

    @classmethod
    def at(cls, folder: str) -> Repository:
        """The repository around `folder`; GitError if there is none, or no git."""
        if not os.path.isdir(folder):
            raise GitError(f"{folder}: no such folder")
        code, top, problem = run(folder, "rev-parse", "--show-toplevel")
        if code:
            if "not a git repository" in problem:
                problem = "not in a git repository"
            raise GitError(f"{folder}: {problem}")
        prefix = run(folder, "rev-parse", "--show-prefix")[1]
        return cls(folder, *(os.fsdecode(out.removesuffix(b"\n")) for out in (top, prefix)))

    @property
    def is_shallow(self) -> bool:
        """Whether history was cut off when the repository was cloned."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def commit(self, ref: str) -> str:
        """The id of the commit that `ref` names; GitError with what to do if there is none."""
        # A ref cannot begin with a dash; git would take it for an option.
        if not ref.startswith("-"):
            code, out, _ = run(self.folder, "rev-parse", "--quiet", "--verify", f"{ref}^{{commit}}")
            if not code:
                return out.decode().strip()
        raise GitError(self._advice(ref, f"no revision '{ref}'", f"git fetch origin {_bare(ref)}"))

    def merge_base(self, ref: str) -> str:
        """The commit where HEAD left `ref`; GitError with what to do if there is none."""
        theirs, ours = self.commit(ref), self.commit("HEAD")
        code, out, problem = run(self.folder, "merge-base", theirs, ours)
        # A damaged history and none in common may have one exit code; git explains only the first.
        if code not in (0, 1) or (code and problem):
            raise GitError(f"git merge-base: {problem}")
        if code:
            what = f"no merge base of '{ref}' and HEAD"
            raise GitError(self._advice(ref, what, "histories are unrelated"))
        return out.decode().strip()

    def _advice(self, ref: str, problem: str, otherwise: str) -> str:
        if ref == "HEAD":
            return f"{problem}: there is no commit yet"
        if not self.is_shallow:
            return f"{problem}: {otherwise}"
        # In a clone of depth 1 the parents are missing, but the commit still names them.
        head = self._ask("cat-file", "commit", "HEAD").partition(b"\n\n")[0]
        if head.count(b"\nparent ") > 1:
            return f"{problem}: set fetch-depth: 2 and use --base HEAD^1"
        return f"{problem}: git fetch --unshallow"

    def blob(self, revision: str, path: str) -> bytes | None:
        """The contents of the file at `path` in `revision`, None if there was none."""
        return self.blobs(revision, [path]).get(path)

    def blobs(self, revision: str, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents of those `paths` that were files in `revision` (links are none).

        Paths may lead out of the folder (``../rules.yaml``).
        """
        wanted = {posixpath.normpath(self.prefix + path): path for path in paths}
        listing = self._ask("ls-tree", "-r", "-z", "--full-tree", self.commit(revision))
        objects: dict[str, str] = {}
        for record in _records(listing):
            about, _, name = record.partition("\t")
            mode, _, identity = about.split(" ")
            if name in wanted and mode.startswith("100"):
                objects[wanted[name]] = identity
        return self._contents(objects)

    def stages(self, path: str) -> tuple[bytes | None, bytes | None, bytes | None]:
        """The base's, our and their contents of a conflicted file; None for a missing stage.

        All are None if the file is not in conflict.
        """
        objects: dict[str, str] = {}
        for record in _records(self._ask("ls-files", "--unmerged", "-z", "--", path)):
            about, _, name = record.partition("\t")
            _, identity, stage = about.split(" ")
            if name == path:
                objects[stage] = identity
        found = self._contents(objects)
        return found.get("1"), found.get("2"), found.get("3")

    def _contents(self, objects: Mapping[str, str]) -> dict[str, bytes]:
        """The contents of blobs by the keys of their ids."""
        identities = sorted(set(objects.values()))
        request = "".join(f"{identity}\n" for identity in identities).encode()
        answer = self._ask("cat-file", "--batch", input=request)
        contents = {}
        position = 0
        for identity in identities:
            end = answer.index(b"\n", position)
            about = answer[position:end].split(b" ")
            if about[1] != b"blob":
                raise GitError(f"git has no object {identity}, though a tree names it: git fsck")
            size = int(about[2])
            contents[identity] = answer[end + 1 : end + 1 + size]
            position = end + size + 2
        return {key: contents[identity] for key, identity in objects.items()}

    def renames(self, revision: str) -> dict[str, str]:
        """Old path to new path of tracked files renamed since `revision`, as git judges."""
        options = ("--name-status", "-z", *_RENAMES, "--diff-filter=R")
        records = _records(self._ask(*_DIFF, *options, self.commit(revision), "--"))
        return {old: next(records) for _, old in zip(records, records, strict=False)}

    def changed(self, revision: str) -> frozenset[str]:
        """The paths that differ between `revision` and the working tree, deleted ones and
        untracked ones (that are not ignored) included; a rename counts as two.
        """
        options = ("--name-only", "-z", "--no-renames")
        tracked = self._ask(*_DIFF, *options, self.commit(revision), "--")
        return frozenset(_records(tracked)) | self._untracked()

    def _untracked(self) -> frozenset[str]:
        # By the repository's own rules, as for what is judged: not by those of one user.
        ignore = "--exclude-per-directory=.gitignore"
        listing = self._ask("ls-files", "--others", ignore, "-z")
        # A nested repository is listed as a folder.
        return frozenset(path for path in _records(listing) if not path.endswith("/"))

    def added_lines(self, revision: str) -> dict[str, frozenset[int]]:
        """The 1-based numbers of the lines that the working tree adds to `revision`, by path.

        Files that were renamed are compared with what they were. Every line of a new file is
        added, an untracked one included. Lines end in a line feed. Files that add none are absent.
        """
        options = ("--unified=0", "--inter-hunk-context=0", *_RENAMES, "--diff-filter=d")
        patch = self._ask(*_DIFF, *options, self.commit(revision), "--")
        added: dict[str, set[int]] = {}
        for path, first, count in _hunks(patch):
            added.setdefault(path, set()).update(range(first, first + count))
        for path in self._untracked():
            added[path] = set(range(1, _line_count(os.path.join(self.folder, path)) + 1))
        return {path: frozenset(lines) for path, lines in added.items() if lines}

    def _ask(self, *arguments: str, input: bytes = b"") -> bytes:
        code, out, problem = run(self.folder, *arguments, input=input)
        if code:
            raise GitError(f"git {arguments[0]}: {problem}")
        return out


def tracked_but_ignored(folder: str) -> tuple[str, ...]:
    """The tracked files below `folder` that the repository's own ignore files name, sorted.

    Empty where git or a repository is missing.
    """
    # Not what one user ignores in all repositories: nobody else would see the same.
    options = ("-c", f"core.excludesFile={os.devnull}")
    try:
        code, listing, _ = run(
            folder, *options, "ls-files", "-z", "--ignored", "--cached", "--exclude-standard"
        )
    except GitError:
        return ()
    return () if code else tuple(sorted(_records(listing)))


def run(folder: str, *arguments: str, input: bytes = b"") -> tuple[int, bytes, str]:
    """(exit code, output, first line of what git complained about, "" if it did not).

    GitError if git cannot be run at all.
    """
    import subprocess  # costs start-up time, and most runs do not ask git

    environment = {key: value for key, value in os.environ.items() if key not in _MISLEADING}
    environment.update(
        LC_ALL="C",  # we read messages
        GIT_OPTIONAL_LOCKS="0",  # never in the way of the user's own git
        GIT_LITERAL_PATHSPECS="1",
        GIT_TERMINAL_PROMPT="0",
    )
    try:
        done = subprocess.run(
            ("git", "-c", "core.quotePath=false", *arguments),
            cwd=folder,
            env=environment,
            input=input,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("git is not installed, or not on the PATH") from None
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be run: {error}") from None
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
    problem = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0])
    return done.returncode, done.stdout, problem.removeprefix("fatal: ").removeprefix("error: ")


def _line_count(path: str) -> int:
    try:
        with open(path, "rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0  # vanished, or not ours to read: whoever checks it will say so


def _bare(ref: str) -> str:
    """The name of a branch as its remote knows it."""
    return ref.removeprefix("refs/remotes/").removeprefix("origin/")


def _records(output: bytes) -> Iterator[str]:
    return (os.fsdecode(record) for record in output.split(b"\0") if record)


def _hunks(patch: bytes) -> Iterator[tuple[str, int, int]]:
    """(path, first line, number of lines) of what each hunk of a patch adds."""
    header = re.compile(_HUNK)
    path = ""
    inside = 0
    for line in patch.split(b"\n"):
        if inside and not line.startswith(b"\\"):
            inside -= 1
        elif line.startswith(b"+++ "):
            path = _named(line[4:])
        elif hunk := header.match(line):
            removed, first, count = (int(group) for group in hunk.groups(b"1"))
            inside = removed + count
            yield path, first, count


def _named(text: bytes) -> str:
    """The path on a ``+++`` line; git puts those with quotes or control characters in quotes."""
    if text.startswith(b'"'):
        text = re.sub(_QUOTED, _unquoted, text.strip()[1:-1])
    else:
        text = text.removesuffix(b"\t")  # git ends names with blanks so
    return os.fsdecode(text.removeprefix(b"b/"))


def _unquoted(match: re.Match[bytes]) -> bytes:
    char = match[1]
    return bytes([int(char, 8)]) if len(char) == 3 else _ESCAPES.get(char, char)
