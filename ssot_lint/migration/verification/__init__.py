"""Whether a rewritten file may be written: worked out from the two texts, whoever made the second.

The code of both is laid side by side without its imports; what is left of it must be the same but
for the names and strings that changed, and these, and the imports, must be what the changes say.
Nothing here knows how a file is rewritten.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from ssot_lint.facts import facts_of
from ssot_lint.migration.model import Change, Edit, Rewrite
from ssot_lint.migration.verification.chunks import Chunk, chunks
from ssot_lint.migration.verification.code import Code
from ssot_lint.migration.verification.comments import lost_or_new
from ssot_lint.migration.verification.imports import Imports
from ssot_lint.migration.verification.items import Outline
from ssot_lint.migration.verification.made import Made
from ssot_lint.migration.verification.namespaces import Binder
from ssot_lint.migration.verification.outline import outline
from ssot_lint.migration.verification.texts import (
    Lines,
    Source,
    failure,
    line_ends,
    names_in_type_comments,
    parse,
)
from ssot_lint.project import Module, Project, absolute
from ssot_lint.targets import reached

__all__ = ["verify"]


_FAILING = {"missing module", "missing name"}


Successor = Callable[[str], str | None]
"""What takes the place of a path: "" if nothing does, None if it is not legacy."""


def verify(
    project: Project, module: Module, rewrite: Rewrite, successor: Successor | None = None
) -> str | None:
    """Why a rewritten file must not be written, in one line; None if nothing speaks against it.

    `module` is the file before. Lines are those of the file before, unless the text says "of the
    result". What it asks:

    - The result parses, compiles if the file did, and has its encoding, byte order mark, kinds of
      line ends, and end.
    - Edits stand at imports, names and strings that change.
    - The code is the same, imports aside: every name and attribute chain stands for the path that
      it stood for, or for the new one in its place, in the same namespace; strings likewise.
    - Every import stands where it stood (in its block, between the same other code) and names the
      path it named, or the new one; it binds the same name, unless that is the first component of
      ``import a.b`` and nobody uses it any more. What is missing is made by an import further up;
      what is new is needed by a chain that changed. New paths exist, or lead through an old one,
      of which `successor` knows what takes its place.
    - Comments are the same; one that tells a tool about its line may be repeated, go with it, or
      stand once for several imports that come to stand together.
    - Nothing that was changed is still there.
    """
    return next(_problems(project, module, rewrite, successor), None)


def _problems(
    project: Project, module: Module, rewrite: Rewrite, successor: Successor | None
) -> Iterator[str]:
    """What is wrong; each check takes it that those before found nothing."""
    starts = [position for edit in rewrite.edits for position in (edit.start, edit.end)]
    if starts != sorted(starts) or (
        starts and not 0 <= starts[0] <= starts[-1] <= len(rewrite.before)
    ):
        yield "the edits overlap, or lie outside of the file"
        return
    try:
        before, after = parse(rewrite.before), parse(rewrite.after)
    except SyntaxError as error:
        line = f"line {error.lineno} of the result: " if error.lineno else ""
        yield f"{line}it does not parse: {error.msg}"
        return
    yield from _layout(before, after)
    resolve = partial(absolute, module.file)
    try:
        first, second = chunks(before, after, rewrite.edits)
    except ValueError:
        yield "an edit cuts a character in two"
        return
    old = outline(first, before.text, resolve)
    new = outline(second, after.text, resolve)
    made = Made(rewrite.made, old)
    yield from _misplaced(made, old)
    code = Code(old, new, made)
    if code.difference is not None:
        yield code.difference
        return
    imports = Imports(old, new, made, code.chains)
    exports = module.facts.exports
    mentioned = {*(exports.names if exports else ()), *names_in_type_comments(before.text)}
    yield from imports.problems(mentioned)
    yield from code.problems(project)
    targets = [*_targets(old, made, imports.added)]
    yield from _destinations(project, module, targets, successor)
    lines = Lines(before)
    places = list(_places(lines, old, made, imports, code))
    yield from _strays(lines, rewrite.edits, places)
    yield from lost_or_new(before, after, lines, rewrite.edits)
    yield from _running(module, (before, after), (first, second), rewrite.made)


def _layout(before: Source, after: Source) -> Iterator[str]:
    if (before.encoding, before.mark) != (after.encoding, after.mark):
        yield f"its encoding would be {after.encoding}, not {before.encoding}"
    if not line_ends(after.whole) <= (line_ends(before.whole) or {"\n"}):
        yield "line ends of another kind than the file has"
    if before.whole.endswith(("\r", "\n")) != after.whole.endswith(("\r", "\n")):
        yield f"line {before.whole.count(chr(10)) + 1}: the end of its last line would differ"


def _misplaced(made: Made, before: Outline) -> Iterator[str]:
    change = made.unplaced(before)
    if change is not None:
        yield f"line {change.span.line}: {change.old} is not there, or left alone"


def _targets(before: Outline, made: Made, added: Iterable[Binder]) -> Iterator[tuple[Binder, str]]:
    """The imports that lead elsewhere now, or are new, and where they lead."""
    changed = ((binder, made.target(binder)) for binder in before.imports if made.concerns(binder))
    for binder, target in (*changed, *((binder, binder.target) for binder in added)):
        yield binder, target.removesuffix(".*")


def _destinations(
    project: Project,
    module: Module,
    targets: Iterable[tuple[Binder, str]],
    successor: Successor | None,
) -> Iterator[str]:
    """New paths that lead nowhere, or back into the file itself."""
    for binder, path in targets:
        found = project.resolve(path)
        ends = [end for end in found.dead_ends if not (successor and successor(end.where))]
        missing = len(ends) == len(found.dead_ends) and {end.why for end in ends} <= _FAILING
        if not found.exists and missing:
            yield f"line {binder.span.line}: {path} does not exist"
        if project.holds(module, path):
            yield f"line {binder.span.line}: the file would import {path} from itself"


Place = tuple[int, int]


def _places(
    lines: Lines, before: Outline, made: Made, imports: Imports, code: Code
) -> Iterator[Place]:
    """The characters that may be edited."""
    anchors = [binder for chain in code.chains for binder in chain.needed]
    changed = filter(made.concerns, before.imports)
    for binder in (*changed, *imports.dropped, *anchors):
        yield lines.statement(binder.statement)
    for chain in code.chains:
        yield lines.place(chain.before.span)
    for text, _ in code.texts:
        yield lines.place(text.span)


def _strays(lines: Lines, edits: Iterable[Edit], places: Iterable[Place]) -> Iterator[str]:
    """Edits where nothing changes."""
    joined: list[list[int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    for edit in edits:
        start, end = lines.offset(edit.start), lines.offset(edit.end)
        blank = not edit.text.strip() and not lines.text(start, end).strip()
        if blank or not any(first <= start and end <= last for first, last in joined):
            yield f"line {lines.line(start)}: nothing there should change"


def _running(
    module: Module,
    sources: Iterable[Source],
    sides: Iterable[Iterable[Chunk]],
    changes: Iterable[Change],
) -> Iterator[str]:
    """What Python's compiler and the rules have against the result."""
    trees = [
        ast.Module([chunk for chunk in side if isinstance(chunk, ast.stmt)], []) for side in sides
    ]
    problem = failure(trees[1])
    if problem is not None and failure(trees[0]) is None:
        yield f"it does not compile: {problem}"
    old, new = (
        _mentioned(Module(module.file, facts_of(tree, [source.text])))
        for tree, source in zip(trees, sources, strict=True)
    )
    for path, count in Counter(change.old for change in changes).items():
        if new[path] > max(old[path] - count, 0):
            yield f"{path} would still be there"


def _mentioned(module: Module) -> Counter[str]:
    """Every path that a file imports, reaches or names, as the rules see it."""
    paths = Counter(filter(None, map(module.target, module.facts.imports)))
    for _, found in reached(module):
        paths.update({f"{base}.{rest}" for _, base, rest in found})
    paths.update(text.value + ".*" * text.open_ended for text in module.facts.texts)
    return paths
