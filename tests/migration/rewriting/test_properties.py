"""Import statements in every layout that the grammar has, held against Python's own parser."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.facts import Use, read_facts
from ssot_lint.globs import Globs
from ssot_lint.migration.model import Change, Rewrite
from ssot_lint.migration.rewriting import rewrite
from ssot_lint.migration.verification import verify
from ssot_lint.model import SourceFile, Violation
from ssot_lint.moves import Moves
from ssot_lint.project import Module, Modules, Project
from ssot_lint.reading import Reader
from ssot_lint.roots import module_of
from ssot_lint.rules.legacy_import import LegacyImport
from ssot_lint.rules.legacy_reference import LegacyReference
from tests.migration.rewriting.running import Ground, ground, write
from tests.migration.rewriting.shop import FILES, MOVED

BLANK = st.sampled_from(["", " ", "  ", "\t", " \f"])
SPACE = st.sampled_from([" ", "  ", "\t"])
COMMENT = st.sampled_from(["# free", "# noqa: F401", "#: x, y (z)", "# é", "# type: ignore"])
NAMES = st.sampled_from(["Order", "Item", "Cart", "Kept", "Other"])
ALIASES = st.sampled_from([None, None, None, "Order", "Basket", "A", "Bé"])
DIRECTIVE = re.compile(r"#\s*(?:noqa|type:)")
NEWLINES = re.compile(r"\r\n|\r|\n")


@st.composite
def from_imports(draw: st.DrawFn) -> str:
    """A from-import with line feeds; what follows its first line needs no indentation."""
    pairs = st.tuples(NAMES, ALIASES)
    names = draw(st.lists(pairs, min_size=1, max_size=5, unique_by=lambda pair: pair[1] or pair[0]))
    closed = draw(st.booleans())

    def gap(least: str = "") -> str:
        """What may stand between two tokens, a blank at least if `least` says so."""
        kind = draw(st.integers(0, 5))
        blank = draw(SPACE) if least else draw(BLANK)
        if kind == 0:
            return f"{blank}\\\n{draw(BLANK)}"
        if kind == 1 and closed:
            return f"{blank}\n{draw(BLANK)}"
        if kind == 2 and closed:
            return f"{blank}{draw(COMMENT)}\n{draw(BLANK)}"
        return blank

    parts = []
    for name, alias in names:
        written = f"{name} as {alias}" if alias else name
        parts.append(f"{gap()}{written}{gap()}")
    listed = ",".join(parts)
    if closed:
        listed = f"({listed}{draw(st.sampled_from(['', ',' + gap()]))})"
    else:
        # A statement may not end with a backslash.
        listed = draw(SPACE) + re.sub(r"(?:[ \t\f]|\\\n)+\Z", "", listed)
    return f"from{draw(SPACE)}shop{draw(BLANK)}.{draw(BLANK)}old{draw(SPACE)}import{listed}"


PLAIN = st.sampled_from(
    [
        "import shop.legacy as m",
        "import os, shop.legacy",
        "from shop import old as o, legacy as l",
        "from shop.orders import Order",
        "from shop.stock import Item as A, Leaf",
        "Order = 1",
        "show(lambda: shop.legacy.Book, lambda: m.Book, lambda: l.Book, lambda: l.Page)",
        "show(lambda: o.Item, lambda: o . Cart .__name__, lambda: [o.Kept for l in y])",
    ]
)
INDENTS = st.sampled_from(["    ", "\t"])
HEADS = st.sampled_from(
    ["if x:", "def f():", "class C:", "try: pass\nfinally:", "for x in y:", "with z:"]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        statements = draw(st.lists(st.one_of(from_imports(), PLAIN), min_size=1, max_size=4))
        indent = ""
        if draw(st.booleans()):
            lines.append(draw(HEADS))
            indent = draw(INDENTS)
        line = ""
        for statement in statements:
            line = f"{line}{statement}"
            if draw(st.integers(0, 4)) == 0:
                line += draw(st.sampled_from(["; ", ";", " ; \\\n  "]))
                continue
            line += draw(st.sampled_from(["", "", "  # free", " # noqa: F401", ";"]))
            lines.append(indent + line)
            line = ""
        if line:
            lines.append(f"{indent}{line}x = 1")
        if indent:
            lines.append("if 'f' in globals(): f()")
    newline = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    text = "\n".join(lines) + draw(st.sampled_from(["\n", ""]))
    return text.replace("\n", newline)


KNOWN = frozenset(
    {"Order", "Item", "Cart", "Kept", "Other", "Basket", "A", "Bé", "Leaf", "m", "o", "l"}
)
SHIMS = {
    **FILES,
    "shop/old.py": b"from shop.orders import Order, Basket as Cart\nfrom shop.stock import Item\n"
    b"class Kept: ...\nclass Other: ...\n",
    "shop/legacy.py": b"from shop.orders.book import Book\nfrom shop.pages import Sheet as Page\n",
}


class Bound(NamedTuple):
    """A name that an import binds, where: the path of fields to its block."""

    block: tuple[Any, ...]
    name: str
    target: str


def bindings(tree: ast.AST, where: tuple[Any, ...] = ()) -> Iterator[Bound]:
    for field, value in ast.iter_fields(tree):
        if not isinstance(value, list):
            continue
        others = 0
        for node in value:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    target = f"{node.module}.{alias.name}"
                    yield Bound((*where, field), alias.asname or alias.name, target)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    bound = alias.asname or f"{alias.name}!"
                    yield Bound((*where, field), bound, alias.name)
            elif isinstance(node, ast.AST):
                yield from bindings(node, (*where, field, others))
                others += 1


def mapped(bound: Bound, moved: Mapping[str, str] = MOVED) -> Bound:
    new = moved.get(bound.target, bound.target)
    name = f"{new}!" if bound.name.endswith("!") else bound.name
    return Bound(bound.block, name, new)


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(NEWLINES.sub("\n", text)).readline)
    return [token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A project whose modules can be imported."""
    folder = tmp_path_factory.mktemp("shop")
    write(folder, SHIMS)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield ground(folder, MOVED)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("shop", "top")]:
        del sys.modules[name]


def rewritten(shop: Ground, text: str) -> Rewrite:
    data = text.encode()
    module = Module(SourceFile("app.py", "app", ""), read_facts(data))
    assert module.facts.trouble is None, (text, module.facts.trouble)
    wanted = [*wanted_imports(shop, module), *wanted_uses(shop, module)]
    return rewrite(shop.project, module, data, wanted, successor=shop.successor)


def wanted_imports(shop: Ground, module: Module) -> Iterator[Change]:
    for fact in module.facts.imports:
        target = module.target(fact) or ""
        if new := shop.successor(target):
            yield Change(fact.span, target, new, "old")


def wanted_uses(shop: Ground, module: Module) -> Iterator[Change]:
    """Chains that reach what moved through a module that did not: here always `o`."""
    for use in module.facts.uses:
        path = re.sub(r"\Ao\.", "shop.old.", use.chain)
        if path != use.chain and _is_bound_once(module, use) and (new := shop.successor(path)):
            yield Change(use.span, path, new, "old-use")


def _is_bound_once(module: Module, use: Use) -> bool:
    return any((fact.scope, fact.bound) == (use.root_scope, "o") for fact in module.facts.imports)


@settings(max_examples=60)
@given(text=files())
def test_bindings_targets_and_everything_else(shop: Ground, text: str) -> None:
    done = rewritten(shop, text)

    after = done.after.decode()
    before_tree, after_tree = ast.parse(text), ast.parse(after)
    compile(after_tree, "app.py", "exec")
    skipped = {skip.old for skip in done.skips}
    expected = {
        bound if bound.target in skipped else mapped(bound) for bound in bindings(before_tree)
    }
    found = set(bindings(after_tree))
    assert expected - found == set(), text
    # More is imported only for chains, or to keep a package loaded.
    assert {bound.target for bound in found - expected} <= {
        "shop.orders",
        "shop.stock",
        "shop.pages",
        "shop",
    }
    old, new = Counter(comments(text)), Counter(comments(after))
    assert not old - new
    assert all(DIRECTIVE.match(comment) for comment in new - old)
    assert {*NEWLINES.findall(after)} <= ({*NEWLINES.findall(text)} or {"\n"})
    assert bool(NEWLINES.search(after[-1:])) == bool(NEWLINES.search(text[-1:]))


@settings(max_examples=60)
@given(text=files())
def test_a_second_time_there_is_nothing_to_do(shop: Ground, text: str) -> None:
    first = rewritten(shop, text)

    second = rewritten(shop, first.after.decode())

    assert second.edits == ()
    assert [skip.old for skip in second.skips] == [skip.old for skip in first.skips]


@settings(max_examples=60)
@given(text=files())
def test_the_code_does_the_same(shop: Ground, text: str) -> None:
    """Run, with an old module that takes its names from the new ones."""
    done = rewritten(shop, text)

    before, after = ran(text), ran(done.after.decode())

    assert after.shown == before.shown
    assert {name: after.names.get(name) for name in before.names} == before.names


THERE = {old: new for old, new in MOVED.items() if old.startswith("shop.")}
BACK = {new: old for old, new in THERE.items()}
HOMES = {"shop", *(path.rpartition(".")[0] for pair in THERE.items() for path in pair)}


def carried(shop: Ground, moved: Mapping[str, str], text: str) -> Rewrite:
    """What becomes of a file by the rules, which ask for uses in every form; verified."""
    data = text.encode()
    name_file = partial(module_of, roots=(".",))
    modules = Modules(str(shop.folder), (".",))
    read = Reader(str(shop.folder), {"app.py": data}).facts
    project = Project([name_file("app.py")], modules, read, name_file, Globs())
    module = project.module_at("app.py")
    moves = Moves(tuple(moved.items()), ())

    def successor(path: str) -> str | None:
        legacy = moves.legacy(path)
        return None if legacy is None else legacy.replacement

    wanted = [
        Change(found.span, found.subject, found.replacement, found.rule)
        for rule in (
            LegacyImport(name="old", reason="r", moved=moves.moved),
            LegacyReference(name="old-use", reason="r", moved=moves.moved),
        )
        for found in rule.check(project)
        if isinstance(found, Violation)
    ]
    done = rewrite(project, module, data, wanted, successor=successor)
    assert verify(project, module, done) is None, text
    return done


@settings(max_examples=60)
@given(text=files())
def test_43_there_and_back(shop: Ground, text: str) -> None:
    """Bindings and what they lead to; not bytes: what was there already comes along."""
    there = carried(shop, THERE, text)
    back = carried(shop, BACK, there.after.decode())

    after = back.after.decode()
    left, stayed = ({skip.old for skip in done.skips} for done in (there, back))
    halfway = {
        bound if bound.target in left else mapped(bound, THERE)
        for bound in bindings(ast.parse(text))
    }
    expected = {bound if bound.target in stayed else mapped(bound, BACK) for bound in halfway}
    found = set(bindings(ast.parse(after)))
    assert expected - found == set(), text
    assert {bound.target for bound in found - expected} <= HOMES
    first, last = ran(text), ran(after)
    # What failed may work: on the way, a chain may come to go through an import further up.
    pairs = zip(first.shown, last.shown, strict=True)
    assert [pair for pair in pairs if pair[0] != pair[1] and not _is_failure(pair[0])] == []
    assert {name: last.names.get(name) for name in first.names} == first.names


class Ran(NamedTuple):
    """What a file bound and what it showed: values, or the errors in their place."""

    names: dict[str, Any]
    shown: list[Any]


def ran(text: str) -> Ran:
    shown: list[Any] = []

    def show(*chains: Callable[[], Any]) -> None:
        shown.extend(map(_value, chains))

    names = {"show": show, "x": True, "y": [1], "z": nullcontext()}
    exec(compile(text, "app.py", "exec"), names)  # noqa: S102
    return Ran({name: _as_moved(value) for name, value in names.items() if name in KNOWN}, shown)


def _value(chain: Callable[[], Any]) -> Any:
    try:
        return chain()
    except (NameError, AttributeError) as error:
        return type(error)


def _is_failure(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Exception)


def _as_moved(value: Any) -> Any:
    """A module by the name that it has now."""
    return MOVED.get(value.__name__, value.__name__) if isinstance(value, ModuleType) else value
