"""Shapes of real trees that cannot stand in a page of Markdown: bytes, file names, links, Pythons.

Real files in a temporary folder, through `ssot_lint.engine.lint`.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ssot_lint.config import read
from ssot_lint.engine import Editor, Request, lint
from ssot_lint.model import Report

RULES = """\
ssot-lint: 1
rules:
  - name: old-path
    kind: legacy-import
    reason: One path.
    removed: [app.old]
  - name: factory-module
    kind: forbidden-module
    reason: No factories.
    modules: ["**.*factory*"]
"""
NAME = os.fsdecode(b"caf\xe9.py")


def lay_out(root: Path, files: dict[str, bytes], rules: str = RULES) -> None:
    (root / "app").mkdir(exist_ok=True)
    (root / "app" / "__init__.py").touch()
    (root / "rules.yaml").write_text(rules, encoding="utf-8")
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def check(
    root: Path, progress: Callable[[int, int], None] | None = None, *, prefilter: bool = True
) -> Report:
    request = Request(use_baseline=False, progress=progress, prefilter=prefilter)
    return lint(read(str(root / "rules.yaml")), request)


def found(report: Report) -> list[str]:
    return [f"{v.path}:{v.span.line}:{v.span.column} {v.code}" for v in report.violations]


def said(report: Report) -> list[str]:
    return [
        f"{v.path}:{v.span.line}:{v.span.column}: {v.code} {v.message}" for v in report.violations
    ]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        pytest.param(b"\xef\xbb\xbffrom app.old import X\n", "1:21", id="a byte order mark"),
        pytest.param(b"import os\r\nfrom app.old import X\r\n", "2:21", id="CRLF"),
        pytest.param(b"import os\rfrom app.old import X\r", "2:21", id="lone CR"),
        pytest.param(b"a = 1\r\nb = 2\rc = 3\nimport app.old\n", "4:8", id="mixed line ends"),
        pytest.param(b"import os\n\x0c\nimport app.old\n", "3:8", id="a form feed on its line"),
        pytest.param(b"\x0cimport app.old\n", "1:9", id="a form feed before a statement"),
        pytest.param(b"x = '\x0b\x1c\xc2\x85'\nimport app.old", "2:8", id="other separators"),
        pytest.param(b"from app.old import X", "1:21", id="no newline at the end"),
        pytest.param("'😀'; from app.old import X".encode(), "1:26", id="emoji before the name"),
        pytest.param("'e\u0301'; import app.old".encode(), "1:14", id="a combining accent"),
        pytest.param(
            "# -*- coding: latin-1 -*-\nx = 'é'; import app.old\n".encode("latin-1"),
            "2:17",
            id="latin-1 with a coding cookie",
        ),
        pytest.param(
            "#!/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'; import app.old".encode(
                "cp1252"
            ),
            "3:17",
            id="a cookie on the second line",
        ),
        pytest.param(b"# \xe9\nimport app.old\n", "2:8", id="latin-1 without a cookie"),
        pytest.param(b"# coding: klingon\nimport app.old\n", "2:8", id="an encoding nobody knows"),
        pytest.param(b"from app.old import \\\r\n  X\r\n", "2:3", id="a backslash before CRLF"),
        pytest.param(b"\n" * 100_000 + b"import app.old", "100001:8", id="100,000 empty lines"),
    ],
)
def test_bytes_that_are_python_all_the_same(data: bytes, place: str, tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": data})
    assert found(check(tmp_path)) == [f"app/use.py:{place} SOT102"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(
            "import app.old\n".encode("utf-16"),
            "1:1: SOT001 not checked: UTF-16, which Python does not read",
            id="UTF-16",
        ),
        pytest.param(
            b"import app.old\nx = '\0'\n",
            "2:6: SOT001 not checked: contains NUL bytes",
            id="NUL bytes",
        ),
        pytest.param(
            b"\x7fELF\x02\x01\x01\0\0\0",
            "1:8: SOT001 not checked: contains NUL bytes",
            id="a binary",
        ),
    ],
)
def test_bytes_that_are_not_python(data: bytes, message: str, tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": data})
    report = check(tmp_path)
    assert said(report) == [f"app/use.py:{message}"]
    assert report.violations[0].subject == "encoding"


def test_an_empty_file(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": b"", "app/blank.py": b"\r\n\x0c\n \t\n"})
    report = check(tmp_path)
    assert (found(report), report.broken, report.files) == ([], (), 3)


def test_a_generated_file_of_ten_megabytes(tmp_path: Path) -> None:
    line = b"x = '" + b"\xc3\xa9" * 500_000 + b"'\n"
    lay_out(tmp_path, {"app/use.py": line * 10 + line[:-1] + b"; import app.old\n"})
    column = len("x = ''; import ") + 500_000 + 1
    assert found(check(tmp_path)) == [f"app/use.py:11:{column} SOT102"]


def test_a_file_too_large_to_be_anybodys_source(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": b""})
    os.truncate(tmp_path / "app" / "use.py", 64 * 1024 * 1024 + 1)
    assert said(check(tmp_path)) == ["app/use.py:1:1: SOT001 not checked: larger than 64 MiB"]


NEWER = [
    ((3, 11), b"try: ...\nexcept* ValueError: ...\n", 2),
    ((3, 12), b"type Pair = tuple\n", 1),
    ((3, 12), b"def first[T](items: list[T]) -> T: ...\n", 1),
    ((3, 12), b"class Box[T]: ...\n", 1),
    ((3, 12), b'print(f"{x["a"]}")\n', 1),
    ((3, 13), b"class Box[T = int]: ...\n", 1),
    ((3, 14), b'print(t"{x}")\n', 1),
    ((3, 14), b"try: ...\nexcept KeyError, ValueError: ...\n", 2),
]


@pytest.mark.parametrize(("needs", "source", "line"), NEWER, ids=[s.decode() for _, s, _ in NEWER])
def test_files_that_need_a_newer_python_than_ours(
    needs: tuple[int, int], source: bytes, line: int, tmp_path: Path
) -> None:
    lay_out(tmp_path, {"app/use.py": source + b"import app.old\n"})
    report = check(tmp_path)
    if sys.version_info >= needs:
        assert found(report) == [f"app/use.py:{line + 1}:8 SOT102"]
    else:
        [violation] = report.violations
        assert (violation.code, violation.subject) == ("SOT001", "syntax")
        assert violation.span.line == line
        assert violation.message.endswith(f" (needs Python {needs[0]}.{needs[1]} or newer)")


def test_a_broken_file_without_a_word_of_the_rules_is_counted(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/torn.py": b"class :\n", "app/zebra.py": b"def (:\n"})
    assert check(tmp_path).broken == ()
    report = check(tmp_path, prefilter=False)
    assert found(report) == []
    assert report.broken == ("app/torn.py", "app/zebra.py")


def test_code_nested_too_deeply_is_read_or_named(tmp_path: Path) -> None:
    nested = b"import app.old\nx = " + b"-" * 200_000 + b"1\n"
    lay_out(tmp_path, {"app/use.py": nested, "app/other.py": b"import app.old\n"})
    report = check(tmp_path)
    assert found(report) in (
        ["app/other.py:1:8 SOT102", "app/use.py:1:8 SOT102"],
        ["app/other.py:1:8 SOT102", "app/use.py:1:1 SOT001"],
    )


DUBIOUS = rb"""
import app.old
if app is 1: ...
x = "\d", 1or 2, (1, 2) ("call")
assert (x, "always true")
"""


def test_warnings_about_the_code_are_silenced(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": DUBIOUS})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found(check(tmp_path)) == ["app/use.py:2:8 SOT102"]


def test_warnings_about_the_code_are_silenced_where_warnings_are_errors(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": DUBIOUS})
    command = [sys.executable, "-W", "error", "-m", "ssot_lint", "check", "-q"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.startswith(
        "app/use.py:2:8: SOT102 import of legacy path app.old; it was removed and has no "
        "successor [old-path]\n"
    ), run.stderr
    assert (run.returncode, "Warning" in run.stderr) == (1, False)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("{unit,integration}/test_use.py", id="a folder called {unit,integration}"),
        pytest.param("app/\ue000.py", id="a private-use character"),
        pytest.param("app/two words.py", id="spaces"),
        pytest.param("-rf.py", id="a leading dash"),
        pytest.param("app/2024-01.py", id="digits and dashes"),
        pytest.param("app/[a-z].py", id="a glob"),
        pytest.param("app/class.py", id="a keyword"),
        pytest.param("app/#use#.py", id="a hash"),
        pytest.param("my.app/use.py", id="a dot in a folder's name"),
        pytest.param(
            f"app/{NAME}",
            id="undecodable bytes",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="the file system wants text"),
        ),
    ],
)
def test_names_that_few_programs_expect(path: str, tmp_path: Path) -> None:
    lay_out(tmp_path, {path: b"import app.old\n"})
    assert found(check(tmp_path)) == [f"{path}:1:8 SOT102"]


def test_a_glob_names_a_folder_called_unit_and_integration(tmp_path: Path) -> None:
    rules = RULES + 'exclude: ["{unit,integration}/"]\n'
    files = {"{unit,integration}/use.py": b"import app.old\n", "unit/use.py": b"import app.old\n"}
    lay_out(tmp_path, files, rules)
    assert found(check(tmp_path)) == ["unit/use.py:1:8 SOT102"]


def test_a_name_that_is_no_identifier_has_no_module_name(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/a-factory.py": b"", "app/a_factory.py": b"", "a-b/factory.py": b""})
    assert found(check(tmp_path)) == ["app/a_factory.py:1:1 SOT101"]


def test_links_to_files_are_files_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    lay_out(root, {"app/use.py": b"import app.old\n"})
    lay_out(outside, {"use.py": b"import app.old\n"})
    (root / "app" / "linked.py").symlink_to("use.py")
    (root / "app" / "foreign.py").symlink_to(outside / "use.py")
    (root / "app" / "loop").symlink_to(root / "app", target_is_directory=True)
    (root / "foreign").symlink_to(outside, target_is_directory=True)
    (root / "folder.py").symlink_to(outside, target_is_directory=True)
    assert found(check(root)) == [
        "app/foreign.py:1:8 SOT102",
        "app/linked.py:1:8 SOT102",
        "app/use.py:1:8 SOT102",
    ]


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": b"import app.old\n"})
    (tmp_path / "app" / "broken.py").symlink_to("nothing.py")
    (tmp_path / "app" / "itself.py").symlink_to("itself.py")
    (tmp_path / "app" / "one.py").symlink_to("two.py")
    (tmp_path / "app" / "two.py").symlink_to("one.py")
    (tmp_path / "app" / ".#use.py").symlink_to("somebody@host.1234:5678")
    assert said(check(tmp_path)) == [
        "app/broken.py:1:1: SOT001 not checked: a broken link",
        "app/itself.py:1:1: SOT001 not checked: Too many levels of symbolic links",
        "app/one.py:1:1: SOT001 not checked: Too many levels of symbolic links",
        "app/two.py:1:1: SOT001 not checked: Too many levels of symbolic links",
        "app/use.py:1:8: SOT102 import of legacy path app.old; it was removed and has no successor",
    ]


def test_what_is_no_regular_file_is_named_and_waited_for_by_nobody(tmp_path: Path) -> None:
    lay_out(tmp_path, {})
    os.mkfifo(tmp_path / "app" / "pipe.py")
    assert said(check(tmp_path)) == ["app/pipe.py:1:1: SOT001 not checked: not a regular file"]


@contextmanager
def not_as_root() -> Iterator[None]:
    """Root may read everything, and tests in containers are run by root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_files_and_folders_that_may_not_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        lay_out(root, {"app/use.py": b"import app.old\n", "secret/use.py": b"import app.old\n"})
        assert found(check(root)) == ["app/use.py:1:8 SOT102", "secret/use.py:1:8 SOT102"]
        (root / "app" / "use.py").chmod(0)
        (root / "secret").chmod(0)
        with not_as_root():
            report = check(root)
        (root / "secret").chmod(0o700)
    assert said(report) == [
        "app/use.py:1:1: SOT001 not checked: Permission denied",
        "secret:1:1: SOT001 not checked: Permission denied",
    ]


def test_a_file_that_vanishes_during_the_run(tmp_path: Path) -> None:
    lay_out(tmp_path, {"app/use.py": b"import app.old\n", "app/zebra.py": b"import app.old\n"})

    def vanish(done: int, total: int) -> None:
        (tmp_path / "app" / "zebra.py").unlink(missing_ok=True)

    report = check(tmp_path, vanish)
    assert said(report) == [
        "app/use.py:1:8: SOT102 import of legacy path app.old; it was removed and has no successor",
        "app/zebra.py:1:1: SOT001 not checked: No such file or directory",
    ]


def test_a_home_that_is_only_in_an_editor_so_far(tmp_path: Path) -> None:
    rule = """\
  - name: second-thing
    kind: duplicate-definition
    reason: One thing.
    classes: [Thing]
    home: app.home.Thing
"""
    lay_out(tmp_path, {}, RULES + rule)
    config = read(str(tmp_path / "rules.yaml"))
    editor = Editor(config, Request(use_baseline=False))
    text = "class Thing: ...\n"

    def rules_broken(name: str) -> list[str]:
        path = str(tmp_path / "app" / name)
        return [v.rule for v in editor.lint(path, ast.parse(text), [text])]

    assert rules_broken("home.py") == []
    assert rules_broken("other.py") == ["second-thing"]


def test_committed_backups_are_python_until_they_are_excluded(tmp_path: Path) -> None:
    files = {
        "app/use.py.backup.20250914": b"import app.old\n",
        "app/use.py~": b"import app.old\n",
        "backups/app/use.py": b"import app.old\n",
    }
    lay_out(tmp_path, files)
    assert found(check(tmp_path)) == ["backups/app/use.py:1:8 SOT102"]
    lay_out(tmp_path, files, RULES + "exclude: [backups/]\n")
    assert found(check(tmp_path)) == []
