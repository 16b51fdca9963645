"""The file: one way to write it, and nothing else is read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ssot_lint.baseline import Baseline, Entry, dump, load, load_bytes, read, write
from ssot_lint.errors import BaselineError, UsageError
from ssot_lint.model import Fingerprint
from tests.baseline.values import base, baselines

FIRST = "# ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)\n"
TEXT = f"""{FIRST}netra_backend/app/agents/supervisor.py:
  old-websocket-path app.core.unified_manager.UnifiedWebSocketManager: 2
  old-websocket-string app.core.manager_factory.create: {{n: 1, accepted: "hotfix, with the adapter"}}
netra_backend/app/routes/chat.py:
netra_backend/app/services/thread.py:
  second-websocket-manager WebSocketManager: 1
""".replace("netra_backend/", "")
BASELINE = Baseline(
    {
        Fingerprint(
            "app/agents/supervisor.py",
            "old-websocket-path",
            "app.core.unified_manager.UnifiedWebSocketManager",
        ): Entry(2),
        Fingerprint(
            "app/agents/supervisor.py", "old-websocket-string", "app.core.manager_factory.create"
        ): Entry(1, "hotfix, with the adapter"),
        Fingerprint(
            "app/services/thread.py", "second-websocket-manager", "WebSocketManager"
        ): Entry(1),
    },
    frozenset({"app/routes/chat.py"}),
)


def problem(text: str | bytes) -> str:
    """The one line that refuses `text`."""
    with pytest.raises(BaselineError) as error:
        load_bytes(text if isinstance(text, bytes) else text.encode(), "base.yml")
    (line,) = error.value.lines
    return line


class TestWritten:
    def test_the_layout(self) -> None:
        assert dump(BASELINE) == TEXT
        assert load(TEXT, "base.yml") == BASELINE

    def test_an_empty_one_has_its_first_line(self) -> None:
        assert dump(Baseline()) == FIRST
        assert load(FIRST, "base.yml") == Baseline()

    def test_sorted_by_path_rule_and_subject(self) -> None:
        shuffled = base(
            ("b.py", "y", 1), ("b.py", "x", 1), ("a/b.py", "x", 1, "z"), ("a/b.py", "y", 1, "a"),
            ("b.py", "x", 1, "old-2"), headers=["a.py", "c.py"],
        )  # fmt: skip
        assert dump(shuffled) == (
            f"{FIRST}a.py:\na/b.py:\n  a y: 1\n  z x: 1\n"
            "b.py:\n  old x: 1\n  old y: 1\n  old-2 x: 1\nc.py:\n"
        )

    @pytest.mark.parametrize(
        ("path", "written"),
        [
            pytest.param("a.py", "a.py", id="bare"),
            pytest.param("_a/B-1.2+x/y.pyi", "_a/B-1.2+x/y.pyi", id="bare, all characters"),
            pytest.param("a b.py", '"a b.py"', id="blank"),
            pytest.param("-a.py", '"-a.py"', id="YAML would read a list"),
            pytest.param("1.py", '"1.py"', id="leading digit"),
            pytest.param(".a/b.py", '".a/b.py"', id="leading dot"),
            pytest.param("bin/tool", '"bin/tool"', id="another ending"),
            pytest.param("a.py: b.py", '"a.py: b.py"', id="YAML would read a mapping"),
            pytest.param("a#b.py", '"a#b.py"', id="YAML could read a comment"),
            pytest.param('a"b\\c.py', r'"a\"b\\c.py"', id="quote and backslash"),
            pytest.param("é.py", r'"\u00e9.py"', id="Latin"),
            pytest.param("\ue000\ufeff.py", r'"\ue000\ufeff.py"', id="private use, byte order mark"),
            pytest.param("\uffff.py", r'"\uffff.py"', id="the last of 16 bits"),
            pytest.param("\U00010000.py", r'"\U00010000.py"', id="the first beyond 16 bits"),
            pytest.param("🙂.py", r'"\U0001f642.py"', id="beyond 16 bits"),
            pytest.param("\udcff.py", r'"\udcff.py"', id="undecodable byte"),
            pytest.param("\ud83d\ude42.py", r'"\ud83d\ude42.py"', id="two lone surrogates"),
            pytest.param("\0\t\n\r\x7f\x85\u2028.py", r'"\u0000\u0009\u000a\u000d\u007f\u0085\u2028.py"', id="control characters"),
        ],
    )  # fmt: skip
    def test_paths(self, path: str, written: str) -> None:
        assert dump(Baseline({}, frozenset({path}))) == f"{FIRST}{written}:\n"
        assert load(f"{FIRST}{written}:\n", "base.yml").headers == {path}
        assert yaml.safe_load(f"{written}:\n") == {path: None}

    @pytest.mark.parametrize(
        ("rule", "subject", "written"),
        [
            pytest.param("old", "m.N", "old m.N", id="bare"),
            pytest.param("old-2", "m.*", "old-2 m.*", id="star"),
            pytest.param("unused-suppression", "SOT101,old-x+_", "unused-suppression SOT101,old-x+_", id="bare, all characters"),
            pytest.param("old", "é", r'"old \u00e9"', id="Latin"),
            pytest.param("Old", "x", '"Old x"', id="a capital in the rule"),
            pytest.param("old", "a:b c", '"old a:b c"', id="colon and blank"),
        ],
    )  # fmt: skip
    def test_entries(self, rule: str, subject: str, written: str) -> None:
        text = f"{FIRST}a.py:\n  {written}: 3\n"
        value = Baseline({Fingerprint("a.py", rule, subject): Entry(3)})
        assert dump(value) == text
        assert load(text, "base.yml") == value
        assert yaml.safe_load(text) == {"a.py": {f"{rule} {subject}": 3}}

    def test_reasons_are_always_quoted(self) -> None:
        text = f'{FIRST}a.py:\n  old x: {{n: 2, accepted: "yes, \\"it\\u00eb\\" \\\\ {{}}: #"}}\n'
        value = base(("a.py", "x", 2, "old", 'yes, "itë" \\ {}: #'))
        assert dump(value) == text
        assert load(text, "base.yml") == value
        assert yaml.safe_load(text) == {
            "a.py": {"old x": {"n": 2, "accepted": 'yes, "itë" \\ {}: #'}}
        }

    @given(baselines)
    def test_what_is_written_is_read(self, baseline: Baseline) -> None:
        text = dump(baseline)
        assert text.isascii()
        assert load(text, "base.yml") == baseline
        assert dump(load(text, "base.yml")) == text

    @given(baselines)
    def test_yaml_readers_read_the_same(self, baseline: Baseline) -> None:
        expected: dict[str, Any] = dict.fromkeys(baseline.headers)
        for (path, rule, subject), entry in baseline.entries.items():
            value = (
                {"n": entry.count, "accepted": entry.accepted} if entry.accepted else entry.count
            )
            expected[path] = {**(expected[path] or {}), f"{rule} {subject}": value}
        assert yaml.safe_load(dump(baseline)) == (expected or None)

    @given(baselines, st.randoms())
    def test_the_order_of_making_is_not_seen(self, baseline: Baseline, random: Any) -> None:
        shuffled = list(baseline.entries.items())
        random.shuffle(shuffled)
        assert dump(Baseline(dict(shuffled), baseline.headers)) == dump(baseline)


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            pytest.param("", "1: empty; a baseline begins with '# ssot-baseline v1'", id="empty"),
            pytest.param("\n", f"1: no baseline: the first line must be '{FIRST[:-1]}'", id="blank"),
            pytest.param("a.py:\n", f"1: no baseline: the first line must be '{FIRST[:-1]}'", id="no version"),
            pytest.param("# ssot-baseline v1\n", f"1: no baseline: the first line must be '{FIRST[:-1]}'", id="half the first line"),
            pytest.param(FIRST.replace("v1", "v0"), f"1: no baseline: the first line must be '{FIRST[:-1]}'", id="version 0"),
            pytest.param(FIRST[:-1], "1: the last line has no end: the file was cut off", id="cut after the first line"),
            pytest.param(FIRST.replace("v1", "v2"), "1: ssot-baseline v2: made by a newer ssot-lint", id="version 2"),
            pytest.param("# ssot-baseline v12\na: [b\n", "1: ssot-baseline v12: made by a newer ssot-lint", id="version 12, of another shape"),
            pytest.param(TEXT + "<<<<<<< HEAD\n", "8: conflict markers of a merge: run 'ssot-lint baseline resolve'", id="conflict, ours"),
            pytest.param(TEXT + "|||||||\n", "8: conflict markers of a merge: run 'ssot-lint baseline resolve'", id="conflict, base"),
            pytest.param(FIRST + "=======\n", "2: conflict markers of a merge: run 'ssot-lint baseline resolve'", id="conflict, middle"),
            pytest.param(TEXT + ">>>>>>> topic\r\n", "8: conflict markers of a merge: run 'ssot-lint baseline resolve'", id="conflict, theirs"),
            pytest.param("<<<<<<< HEAD\n" + TEXT, "1: conflict markers of a merge: run 'ssot-lint baseline resolve'", id="conflict in the first line"),
            pytest.param(FIRST + "b.py:\na.py:\n", "3: out of order: the file belongs further up", id="files out of order"),
            pytest.param(FIRST + "a.py:\na.py:\n", "3: the same file a second time", id="repeated file"),
            pytest.param(FIRST + "a.py:\nb.py:\na.py:\n", "4: out of order: the file belongs further up", id="repeated file further down"),
            pytest.param(FIRST + "a.py:\n  b x: 1\n  a x: 1\n", "4: out of order: the entry belongs further up", id="rules out of order"),
            pytest.param(FIRST + "a.py:\n  a y: 1\n  a x: 1\n", "4: out of order: the entry belongs further up", id="subjects out of order"),
            pytest.param(FIRST + "a.py:\n  a-b x: 1\n  a x: 1\n", "4: out of order: the entry belongs further up", id="a rule before its prefix"),
            pytest.param(FIRST + "a.py:\n  a x: 1\n  a x: 2\n", "4: the same entry a second time", id="repeated entry"),
            pytest.param(FIRST + "  a x: 1\na.py:\n", "2: an entry before the first file", id="entry without a file"),
            pytest.param(FIRST + "a.py:\n  a x: 0\n", "3: a count must be at least 1; to tolerate none, delete the line", id="count 0"),
            pytest.param(FIRST + 'a.py:\n  a x: {n: 0, accepted: "r"}\n', "3: a count must be at least 1; to tolerate none, delete the line", id="count 0 with a reason"),
            pytest.param(FIRST + "a.py:\n  a x: 01\n", "3: ssot-lint would write 1", id="leading zero"),
            pytest.param(FIRST + "a.py:\n\ta x: 1\n", "3: a tab; entries are indented by two blanks", id="tab"),
            pytest.param(FIRST + '"":\n', "2: an empty text", id="empty path"),
            pytest.param(FIRST + 'a.py:\n  "": 1\n', "3: an empty text", id="empty entry"),
            pytest.param(FIRST + 'a.py:\n  "rule": 1\n', "3: an entry must name a rule and a subject", id="no subject"),
            pytest.param(FIRST + 'a.py:\n  "rule ": 1\n', "3: an entry must name a rule and a subject", id="empty subject"),
            pytest.param(FIRST + 'a.py:\n  " x": 1\n', "3: an entry must name a rule and a subject", id="empty rule"),
            pytest.param(FIRST + 'a.py:\n  a x: {n: 1, accepted: ""}\n', "3: an empty text", id="empty reason"),
            pytest.param(FIRST + '"a.py":\n', "2: ssot-lint would write a.py", id="needless quotes"),
            pytest.param(FIRST + 'a.py:\n  "a x": 1\n', "3: ssot-lint would write a x", id="needless quotes of an entry"),
            pytest.param(FIRST + '"\\u0020a":\n', '2: ssot-lint would write " a"', id="needless escape"),
            pytest.param(FIRST + '"\\U000000e9":\n', '2: ssot-lint would write "\\u00e9"', id="long escape"),
            pytest.param(FIRST + '"\\Uffffffff":\n', '2: "\\Uffffffff": an escape beyond Unicode', id="escape beyond Unicode"),
            *(
                pytest.param(f"{FIRST}a.py:\n{line}\n", "3: neither a file ('path.py:') nor an entry ('  rule subject: 1')", id=name)
                for name, line in {
                    "blank line": "",
                    "comment": "# why",
                    "negative count": "  a x: -1",
                    "fraction": "  a x: 1.5",
                    "no count": "  a x:",
                    "huge count": "  a x: 1000000000",
                    "trailing blank": "  a x: 1 ",
                    "one blank": " a x: 1",
                    "three blanks": "   a x: 1",
                    "two blanks inside": "  a  x: 1",
                    "block mapping": "  a x: {n: 1}",
                    "other key": '  a x: {n: 1, reason: "r"}',
                    "other order": '  a x: {accepted: "r", n: 1}',
                    "reason without quotes": "  a x: {n: 1, accepted: r}",
                    "unknown escape": r'"\n.py":',
                    "upper-case escape": r'"\u00E9.py":',
                    "open quote": '"a.py:',
                    "value of a file": "b.py: 1",
                    "list": "- b.py",
                    "bare path with a blank": "a b.py:",
                    "carriage return inside": "b.py:\rc.py:",
                }.items()
            ),
        ],
    )  # fmt: skip
    def test_text(self, text: str, line: str) -> None:
        assert problem(text) == f"base.yml:{line}"

    @pytest.mark.parametrize(
        ("data", "line"),
        [
            pytest.param(TEXT.encode("utf-16"), "1: byte 0xff: a baseline is plain ASCII text", id="UTF-16"),
            pytest.param(TEXT.encode("utf-8-sig"), "1: byte 0xef: a baseline is plain ASCII text", id="byte order mark"),
            pytest.param(TEXT.encode() + b"\xff.py:\n", "8: byte 0xff: a baseline is plain ASCII text", id="Latin-1"),
            pytest.param(TEXT.encode() + "é.py:\n".encode(), "8: byte 0xc3: a baseline is plain ASCII text", id="UTF-8"),
            pytest.param(TEXT.encode() + b"\0" * 9, "8: the last line has no end: the file was cut off", id="blocks that a crash left empty"),
        ],
    )  # fmt: skip
    def test_bytes(self, data: bytes, line: str) -> None:
        assert problem(data) == f"base.yml:{line}"

    def test_text_that_is_not_ascii(self) -> None:
        with pytest.raises(BaselineError) as error:
            load(f"{FIRST}é.py:\n", "base.yml")
        assert error.value.lines == (
            "base.yml:2: neither a file ('path.py:') nor an entry ('  rule subject: 1')",
        )

    def test_windows_line_ends_are_read(self) -> None:
        assert load(TEXT.replace("\n", "\r\n"), "base.yml") == BASELINE


def _cut(data: bytes, where: int, _: int) -> bytes:
    return data[:where]


def _flip(data: bytes, where: int, byte: int) -> bytes:
    return data[:where] + bytes([byte]) + data[where + 1 :]


def _insert(data: bytes, where: int, byte: int) -> bytes:
    return data[:where] + bytes([byte]) + data[where:]


def _drop(data: bytes, where: int, length: int) -> bytes:
    return data[:where] + data[where + length :]


def _repeat(data: bytes, where: int, length: int) -> bytes:
    return data[: where + length] + data[where:]


class TestDamage:
    @given(
        baselines,
        st.sampled_from([_cut, _flip, _insert, _drop, _repeat]),
        st.integers(0, 400),
        st.integers(0, 255),
    )
    @example(BASELINE, _cut, len(TEXT) - 1, 0)
    @example(BASELINE, _cut, 0, 0)
    @example(BASELINE, _insert, len(FIRST) - 1, 13)
    def test_is_refused_or_read_as_it_stands(
        self, baseline: Baseline, harm: Callable[[bytes, int, int], bytes], where: int, value: int
    ) -> None:
        damaged = harm(dump(baseline).encode(), where, value)
        try:
            understood = load_bytes(damaged, "base.yml")
        except BaselineError:
            return
        assert dump(understood).encode() == damaged.replace(b"\r\n", b"\n")

    @given(st.binary(max_size=60))
    def test_anything_after_the_first_line(self, rest: bytes) -> None:
        data = FIRST.encode() + rest
        try:
            understood = load_bytes(data, "base.yml")
        except BaselineError:
            return
        assert dump(understood).encode() == data.replace(b"\r\n", b"\n")

    @given(st.binary(max_size=60))
    def test_no_other_file_is_a_baseline(self, data: bytes) -> None:
        with pytest.raises(BaselineError):
            load_bytes(data, "base.yml")


class TestOnDisk:
    def test_written_and_read(self, tmp_path: Path) -> None:
        path = str(tmp_path / "base.yml")
        write(path, BASELINE)
        assert (tmp_path / "base.yml").read_text() == TEXT
        assert read(path) == BASELINE
        assert os.listdir(tmp_path) == ["base.yml"]

    def test_left_over_temporary_files_are_swept_when_nobody_can_be_at_work_on_them(
        self, tmp_path: Path
    ) -> None:
        for name in (".ssot-tmp-dead", ".ssot-tmp-busy"):
            (tmp_path / name).write_text("")
        os.utime(tmp_path / ".ssot-tmp-dead", (1, 1))
        write(str(tmp_path / "base.yml"), BASELINE)
        assert sorted(os.listdir(tmp_path)) == [".ssot-tmp-busy", "base.yml"]

    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "base.yml").write_text("")
        with pytest.raises(BaselineError) as error:
            read(str(tmp_path / "base.yml"))
        assert error.value.lines == (
            f"{tmp_path / 'base.yml'}:1: empty; a baseline begins with '# ssot-baseline v1'",
        )

    def test_an_unreadable_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as error:
            read(str(tmp_path / "base.yml"), name="base.yml")
        assert error.value.lines == ("base.yml: cannot be read: No such file or directory",)

    def test_an_unwritable_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as error:
            write(str(tmp_path / "gone/base.yml"), BASELINE, name="base.yml")
        assert error.value.lines == ("base.yml: cannot be written: No such file or directory",)

    @pytest.mark.parametrize(
        ("value", "complaint"),
        [
            pytest.param(
                Baseline({Fingerprint("a.py", "old", "x"): Entry(0)}),
                "unreadable as written: base.yml:3: a count must be at least 1; "
                "to tolerate none, delete the line",
                id="refused when read back",
            ),
            pytest.param(
                Baseline({Fingerprint("a.py", "old rule", "x"): Entry(1)}),
                "what was written is not what was meant",
                id="another value when read back",
            ),
        ],
    )
    def test_a_value_that_no_file_can_hold_is_our_bug_and_replaces_nothing(
        self, tmp_path: Path, value: Baseline, complaint: str
    ) -> None:
        (tmp_path / "base.yml").write_text(TEXT)
        with pytest.raises(AssertionError) as error:
            write(str(tmp_path / "base.yml"), value, name="base.yml")
        assert str(error.value) == complaint
        assert (tmp_path / "base.yml").read_text() == TEXT
        assert os.listdir(tmp_path) == ["base.yml"]


def test_time_to_read_is_linear() -> None:
    entries = {Fingerprint(f"app/f{n // 10}.py", "old", f"m.N{n}"): Entry(1) for n in range(50_000)}
    start = time.process_time()
    assert load(dump(Baseline(entries)), "base.yml").total == 50_000
    assert time.process_time() - start < 5
