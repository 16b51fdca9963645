"""Random symbols and modules of real packages move, and every file that names them is rewritten.

What must hold of every rewritten file is asked here once more, by other means than `verify`:
``symtable`` for the names that scopes bind, the facts for what is used, ``tokenize`` for comments,
and LibCST, file by file, for what names mean.
"""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import symtable
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ssot_lint.discovery import discover
from ssot_lint.facts import FileFacts, read_facts
from ssot_lint.facts.source import decode
from ssot_lint.globs import Globs
from ssot_lint.migration.model import Change, Edit, Rewrite
from ssot_lint.migration.rewriting import rewrite
from ssot_lint.migration.verification import verify
from ssot_lint.model import SourceFile, Violation
from ssot_lint.moves import Moves
from ssot_lint.project import Module, Modules, Project
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference
from ssot_lint.targets import reached
from tests.corpus.packages import tree

pytestmark = [
    pytest.mark.corpus,
    # Of the packages' code: invalid escapes, mostly.
    pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning"),
]

SIZES = (*[1] * 60, *[5] * 20, *[20] * 7, 140)
"""How many things move at once: up to 440 in each package, over 2,100 in all."""

PACKAGES = ("airflow", "celery", "django", "sqlalchemy", "sympy")
COMMON = ("base", "compat", "config", "core", "fields", "functions", "models", "types", "utils")
"""Names for new modules that files use for other things already."""
MOST_IMPORTERS = 60
"""What more files import takes too long."""
SEED = 20251120
DAMAGED = 0.1
"""The share of rewritten files that are damaged in order to see whether that is told."""
FEWEST_MOVES, FEWEST_CHANGES = 350, 1000
SMALL = 12_000
"""Bytes of a file that LibCST judges, which takes it a hundred times as long as parsing."""
JUDGED_BY_LIBCST = 20
MOST_SKIPPED = 0.03
"""The share of changes that a human may have to make: stars, shadowed names, computed strings."""


class Move(NamedTuple):
    """A symbol or a module that moves. `source` is what stands in the file of its new home."""

    old: str
    new: str
    path: str
    source: str


class Library:
    """A copy of a package, in which everything that is to move has its new home already."""

    def __init__(self, folder: Path, name: str) -> None:
        self.root = folder / name
        shutil.copytree(tree(name), self.root, copy_function=_link)
        self.name_file = partial(module_of, roots=(".",))
        self.files = discover(str(self.root), ["."]).files
        self._reader = Reader(str(self.root))
        self.data = {file.path: (self.root / file.path).read_bytes() for file in self.files}
        self.moves = self._chosen(random.Random(f"{SEED} {name}"), sum(SIZES))
        for move in self.moves:
            path = self.root / move.path
            path.parent.mkdir(parents=True, exist_ok=True)
            for above in path.relative_to(self.root).parents:
                if str(above) != "." and not (self.root / above / "__init__.py").exists():
                    (self.root / above / "__init__.py").touch()
            with path.open("a") as file:
                file.write(move.source)
        self._modules = Modules(str(self.root), (".",))

    def project(self, files: Sequence[SourceFile], newer: dict[str, FileFacts]) -> Project:
        """The project, of which some files say something else than the disk does."""
        read = self._reader.facts

        def facts(path: str) -> FileFacts:
            return newer[path] if path in newer else read(path)

        return Project(files, self._modules, facts, self.name_file, Globs())

    def _chosen(self, chance: random.Random, count: int) -> list[Move]:
        project = Project(
            self.files,
            Modules(str(self.root), (".",)),
            self._reader.facts,
            self.name_file,
            Globs(),
        )
        importers: dict[str, set[str]] = defaultdict(set)
        for file in self.files:
            module = Module(file, self._reader.facts(file.path))
            for fact in module.facts.imports:
                target = module.target(fact)
                if target is not None and not target.endswith(".*"):
                    importers[target].add(file.path)
        wanted = sorted(
            target
            for target, paths in importers.items()
            if len(paths) <= MOST_IMPORTERS and "." in target and _is_there(project, target)
        )
        chance.shuffle(wanted)
        moves: list[Move] = []
        while len(moves) < count and wanted:
            old = wanted.pop()
            moves.append(_move(project, old, len(moves), chance, self.data))
            inner = [other for other in wanted if other.startswith(f"{old}.")]
            if inner and chance.random() < 0.5:  # goes elsewhere than its module
                wanted.remove(inner[0])
                moves.append(_move(project, inner[0], len(moves), chance, self.data))
        return moves[:count]


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)


def _is_there(project: Project, target: str) -> bool:
    """Whether a path is that of a module's file, or of what a module defines itself."""
    found = project.find(target)
    if found is not None:
        return found.path is not None and not found.path.endswith("__init__.py")
    module, _, name = target.rpartition(".")
    found = project.find(module)
    if found is None or found.path is None or project.facts_at(found.path).trouble:
        return False
    facts = project.facts_at(found.path)
    return any(each.name == name and each.scope == 0 for each in facts.definitions)


def _move(
    project: Project, old: str, number: int, chance: random.Random, data: dict[str, bytes]
) -> Move:
    """Somewhere to move to: beside, at the top of the package, deeper, or in another package."""
    above, _, name = old.rpartition(".")
    found = project.find(old)
    if found is not None and found.path:  # a module: relative imports in it keep it where it is
        new = f"{above}.moved_{name}"
        path = found.path[: found.path.rindex("/") + 1] + f"moved_{name}.py"
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data[found.path]).readline)
        return Move(old, new, path, data[found.path].decode(encoding))
    package = above.rpartition(".")[0] or above
    home = chance.choice(
        [
            f"{package}.moved_here_{number}",
            f"{old.partition('.')[0]}.moved_to_the_top",
            f"{package}.moved.deeper.part_{number}",
            f"newhome.part_{number % 7}",
            f"newhome.{chance.choice(COMMON)}",
            f"newhome_{number}",
        ]
    )
    if chance.random() < 0.2:
        name += "Renamed"
    return Move(old, f"{home}.{name}", f"{home.replace('.', '/')}.py", f"class {name}: ...\n")


class Rewriting(NamedTuple):
    """One file rewritten, with what it says before and after."""

    project: Project
    module: Module
    asked: tuple[Change, ...]
    done: Rewrite
    after: Module
    moved: Moves


def rules(moved: Iterable[tuple[str, str]]) -> tuple[LegacyImport, LegacyReference]:
    moved = tuple(sorted(moved))
    return (
        LegacyImport(name="imports", reason="r", moved=moved),
        LegacyReference(name="names", reason="r", moved=moved),
    )


def violations(project: Project, moved: Iterable[tuple[str, str]]) -> dict[str, list[Violation]]:
    found: dict[str, list[Violation]] = defaultdict(list)
    for rule in rules(moved):
        for outcome in rule.check(project):
            if isinstance(outcome, Violation):
                found[outcome.path].append(outcome)
    return found


def changes(found: Iterable[Violation]) -> tuple[Change, ...]:
    return tuple(Change(v.span, v.subject, v.replacement, v.rule) for v in found)


def rewritten(library: Library, moves: Sequence[Move]) -> Iterator[Rewriting]:
    """Every file of a library that names what moves, rewritten."""
    words = [move.old.rpartition(".")[2].encode() for move in moves]
    files = [
        file
        for file in library.files
        if b"import *" in library.data[file.path]
        or any(word in library.data[file.path] for word in words)
    ]
    pairs = [(move.old, move.new) for move in moves]
    moved = Moves(tuple(pairs), ())
    project = library.project(files, {})
    for path, found in violations(project, pairs).items():
        module = Module(library.name_file(path), project.facts_at(path))
        asked = changes(found)
        done = rewrite(
            project, module, library.data[path], asked, successor=partial(_successor, moved)
        )
        assert verify(project, module, done) is None, (path, pairs)
        after = Module(module.file, read_facts(done.after))
        yield Rewriting(project, module, asked, done, after, moved)


def _successor(moved: Moves, path: str) -> str | None:
    legacy = moved.legacy(path)
    return legacy.replacement if legacy else None


def is_parted(item: Rewriting) -> None:
    """Every change is made, or skipped with a reason; what else is made are uses that follow."""
    asked = Counter((change.span.line, change.old) for change in item.asked)
    made = Counter((change.span.line, change.old) for change in item.done.made)
    skipped = Counter((skip.line, skip.old) for skip in item.done.skips)
    assert not asked - (made + skipped)
    uses = {use.span for use in item.module.facts.uses}
    assert all(c in item.asked or c.span in uses for c in item.done.made)
    assert all(skip.reason and skip.path == item.module.path for skip in item.done.skips)
    assert bool(item.done.edits) == bool(made)


def scopes(table: symtable.SymbolTable) -> Iterator[tuple[str, frozenset[str]]]:
    """Each scope with the names that it binds."""
    yield (
        f"{table.get_type()} {table.get_name()}",
        frozenset(
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_imported() or symbol.is_assigned() or symbol.is_parameter()
        ),
    )
    for child in table.get_children():
        yield from scopes(child)


def keeps_bindings(item: Rewriting) -> None:
    """Each scope binds the same names, but for first components of plain imports, and modules."""
    before, after = (
        list(scopes(symtable.symtable(decode(data).text, "file", "exec")))
        for data in (item.done.before, item.done.after)
    )
    assert [scope for scope, _ in before] == [scope for scope, _ in after]
    changed = {change.span for change in item.done.made}
    plain = {
        fact.bound
        for fact in item.module.facts.imports
        if fact.name is None and fact.alias is None and fact.span in changed
    }
    homes = {part for change in item.done.made for part in change.new.split(".")}
    for (scope, old), (_, new) in zip(before, after, strict=True):
        assert old - new <= plain, (scope, old - new)
        for name in new - old:
            assert any(home in name for home in homes), (scope, name)


def used(module: Module) -> list[tuple[int, frozenset[str]]]:
    """What each chain stands for, by the imports alone."""
    return [
        (use.context, frozenset(f"{base}.{rest}" for _, base, rest in found))
        for use, found in reached(module)
    ]


def keeps_uses(item: Rewriting) -> None:
    """Each chain stands for what it stood for, or for the new path of that."""
    skipped = {skip.old for skip in item.done.skips}
    before, after = used(item.module), used(item.after)
    assert len(before) == len(after)
    for (context, old), (there, new) in zip(before, after, strict=True):
        assert context == there
        legacy = [item.moved.legacy(path) for path in sorted(old)]
        wanted = {
            each.replacement if each is not None else path
            for each, path in zip(legacy, sorted(old), strict=True)
        }
        assert new == wanted or (new == old and _is_left(old, skipped)), (old, new)


def _is_left(paths: Iterable[str], skipped: Iterable[str]) -> bool:
    return any(path == old or path.startswith(f"{old}.") for path in paths for old in skipped)


def comments(data: bytes) -> Counter[str]:
    tokens = tokenize.tokenize(io.BytesIO(data).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def behind_signs(data: bytes) -> Counter[bytes]:
    """Whatever could be a comment."""
    return Counter(match for line in data.split(b"\n") for match in re.findall(b"#.*", line))


def keeps_comments(item: Rewriting) -> None:
    if behind_signs(item.done.before) == behind_signs(item.done.after):
        return
    old, new = comments(item.done.before), comments(item.done.after)
    assert set(old) == set(new)
    assert all(new[text] >= count for text, count in old.items())


def is_stable(library: Library, items: Sequence[Rewriting], moves: Sequence[Move]) -> None:
    """Rules find what was skipped and nothing else, and nothing of that can be done now."""
    newer = {item.module.path: item.after.facts for item in items}
    project = library.project([item.module.file for item in items], newer)
    found = violations(project, [(move.old, move.new) for move in moves])
    for item in items:
        left = changes(found.get(item.module.path, ()))
        skipped = Counter(skip.old for skip in item.done.skips)
        assert not Counter(change.old for change in left) - skipped, item.module.path
        again = rewrite(
            project,
            item.after,
            item.done.after,
            left,
            successor=partial(_successor, item.moved),
        )
        assert again.edits == (), item.module.path


def damaged(item: Rewriting, chance: random.Random) -> Iterator[tuple[str, Rewrite]]:
    """A right rewrite with one edit less, with another word in one, or with one more."""
    edits, data = item.done.edits, item.done.before
    at = chance.randrange(len(edits))
    others = (*edits[:at], *edits[at + 1 :])
    before = data[edits[at].start : edits[at].end]
    if not before.startswith(b".") and before != edits[at].text:  # relative, or the same
        yield f"without {edits[at]}", item.done._replace(edits=others)
    words = list(re.finditer(rb"\w+", edits[at].text.partition(b"#")[0]))
    if words:
        word = chance.choice(words)
        text = edits[at].text[: word.start()] + b"another" + edits[at].text[word.end() :]
        worse = edits[at]._replace(text=text)
        yield f"{worse}", item.done._replace(edits=tuple(sorted((*others, worse))))
    names = [name for name in re.finditer(rb"(?<=\.)\w+(?=\()", data) if name[0] in data]
    if names:
        name = chance.choice(names)
        more = Edit(name.start(), name.end(), name[0] + b"_")
        if not any(edit.start <= more.end and more.start <= edit.end for edit in edits):
            yield f"{more}", item.done._replace(edits=tuple(sorted((*edits, more))))


def tells_damage(item: Rewriting, chance: random.Random) -> None:
    for how, worse in damaged(item, chance):
        assert verify(item.project, item.module, worse) is not None, (item.module.path, how)


@pytest.fixture(scope="module", params=PACKAGES)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("copy"), request.param)


def test_moves(library: Library) -> None:
    chance = random.Random(SEED)
    moves = list(library.moves)
    asked, skipped = 0, Counter[str]()
    for size in SIZES:
        together, moves = moves[:size], moves[size:]
        items = list(rewritten(library, together))
        for item in items:
            is_parted(item)
            keeps_bindings(item)
            keeps_uses(item)
            keeps_comments(item)
            asked += len(item.asked)
            skipped.update(skip.reason for skip in item.done.skips)
            if item.done.edits and chance.random() < DAMAGED:
                tells_damage(item, chance)
        is_stable(library, items, together)
    assert len(library.moves) >= FEWEST_MOVES
    assert asked >= FEWEST_CHANGES
    assert sum(skipped.values()) < MOST_SKIPPED * asked, skipped


def test_names_mean_the_same_to_libcst(library: Library) -> None:
    """The first small files of the last, largest move."""
    pytest.importorskip("libcst")
    items = (
        item
        for item in rewritten(library, library.moves[-SIZES[-1] :])
        if len(item.done.before) < SMALL and not item.done.skips
    )
    for item in islice(items, JUDGED_BY_LIBCST):
        before, after = (
            meanings(item.module, item.done.before),
            meanings(item.after, item.done.after),
        )
        assert after == [frozenset(map(partial(_moved, item.moved), names)) for names in before]


def _moved(moved: Moves, path: str) -> str:
    legacy = moved.legacy(path)
    return (legacy.replacement if legacy else None) or path


def meanings(module: Module, data: bytes) -> list[frozenset[str]]:
    """What each name and attribute chain outside of imports may stand for, by LibCST."""
    import libcst
    from libcst.helpers import ModuleNameAndPackage
    from libcst.metadata import (
        FullyQualifiedNameProvider,
        MetadataWrapper,
        QualifiedName,
        QualifiedNameSource,
    )

    found: list[frozenset[str]] = []

    class Names(libcst.CSTVisitor):
        METADATA_DEPENDENCIES = (FullyQualifiedNameProvider,)

        def visit_Import(self, node: libcst.Import) -> bool:  # noqa: N802
            return False

        def visit_ImportFrom(self, node: libcst.ImportFrom) -> bool:  # noqa: N802
            return False

        def visit_Name(self, node: libcst.Name) -> bool:  # noqa: N802
            return self._note(node)

        def visit_Attribute(self, node: libcst.Attribute) -> bool:  # noqa: N802
            return not self._note(node)

        def _note(self, node: libcst.CSTNode) -> bool:
            provider: Any = FullyQualifiedNameProvider
            names: set[QualifiedName] = self.get_metadata(provider, node, set())
            imported = {n.name for n in names if n.source is QualifiedNameSource.IMPORT}
            if imported:
                found.append(frozenset(imported))
            return bool(imported)

    place = ModuleNameAndPackage(module.name or "", module.file.package or "")
    wrapper = MetadataWrapper(
        libcst.parse_module(data), unsafe_skip_copy=True, cache={FullyQualifiedNameProvider: place}
    )
    wrapper.visit(Names())
    return found
