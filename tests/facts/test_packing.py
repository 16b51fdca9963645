"""Facts as bytes and back."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssot_lint.facts import (
    Alias,
    Assignment,
    Call,
    Definition,
    Directive,
    Exports,
    FileFacts,
    Function,
    Import,
    Literals,
    Scope,
    ShimMark,
    Text,
    Trouble,
    Use,
    Word,
    pack,
    read_facts,
    unpack,
)
from tests.facts.reading import facts

# Identifiers and strings of real files, and what only a damaged one could hold.
_texts = st.text(max_size=4)
st.register_type_strategy(str, _texts)
st.register_type_strategy(int, st.integers(-(2**40), 2**40))


def _some(kind: type) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.from_type(kind), max_size=3).map(tuple)


_facts = st.builds(
    FileFacts,
    imports=_some(Import),
    definitions=_some(Definition),
    aliases=_some(Alias),
    uses=_some(Use),
    texts=_some(Text),
    functions=_some(Function),
    assignments=_some(Assignment),
    calls=_some(Call),
    literals=_some(Literals),
    words=_some(Word),
    scopes=_some(Scope),
    exports=st.none() | st.from_type(Exports),
    has_getattr=st.booleans(),
    shim=st.none() | st.from_type(ShimMark),
    directives=_some(Directive),
    line_count=st.integers(0),
    trouble=st.none() | st.from_type(Trouble),
    expressions=st.just(True),
)


@settings(deadline=None)
@given(_facts)
def test_unpacking_gives_back_what_was_packed(given_facts: FileFacts) -> None:
    assert unpack(pack(given_facts)) == given_facts


def test_every_field_of_real_facts_survives() -> None:
    found = facts(
        """\
        # ssot-shim: a.b remove-after: 2027-03-31
        import a
        from b import *
        class C(a.B): x = a.y
        patch("a.b")
        __all__ = ["C", "D"]
        def __getattr__(name): ...  # noqa: SOT1
        """
    )
    defaults = FileFacts()
    unset = {f.name for f in fields(found) if getattr(found, f.name) == getattr(defaults, f.name)}
    assert unset == {"trouble", "expressions"}
    again = unpack(pack(found))
    assert again == found
    assert [type(item) for item in again.imports] == [Import, Import]
    assert [type(item) for item in again.functions] == [Function]
    assert again.functions[0].parameters == (("name", "any", False),)


def test_nobody_takes_what_was_not_read_for_what_is_not_there() -> None:
    data = b"import a\na.b\npatch('a.b')\n"
    shallow = unpack(pack(read_facts(data, expressions=False)))
    assert [fact.module for fact in shallow.imports] == ["a"]
    for name in ("uses", "texts"):
        with pytest.raises(AttributeError, match=f"nobody has read the {name} of this file"):
            getattr(shallow, name)
        with pytest.raises(AttributeError):
            getattr(read_facts(data, expressions=False), name)
    whole = unpack(pack(read_facts(data, expressions=False)), lambda: read_facts(data))
    assert [use.chain for use in whole.uses] == ["a.b"], "read when somebody asks after all"


def test_packed_facts_are_small() -> None:
    found = facts("import a\n" + "x = a.b.c\n" * 1000)
    assert len(pack(found)) < 120 * (len(found.uses) + len(found.aliases))
