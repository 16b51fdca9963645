"""CODEOWNERS as GitHub reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssot_lint.migration.planning.owners import Owners, read

DOCUMENTED = """\
# What GitHub's documentation gives as an example.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("a.py", "@global-owner1 @global-owner2"),
        ("deep/er/a.py", "@global-owner1 @global-owner2"),
        ("x/y.js", "@js-owner"),
        ("y.go", "docs@example.com"),
        ("y.txt", "@octo-org/octocats"),
        ("build/logs/a.py", "@octocat"),  # by **/logs
        ("deep/build/logs/x/a.py", "@octocat"),
        ("docs/a.py", "@doctocat"),
        ("deep/docs/a.py", "@global-owner1 @global-owner2"),  # docs/* has a slash: it is anchored
        ("deep/apps/x/a.py", "@octocat"),
        ("scripts/a.py", "@doctocat @octocat"),
        ("apps/a.py", "@octocat"),
        ("apps/github", ""),
        ("apps/github/a.py", ""),
        ("apps/githubs/a.py", "@octocat"),
    ],
)
def test_the_documented_example(path: str, owners: str) -> None:
    assert " ".join(Owners.parse(DOCUMENTED).of(path)) == owners


@pytest.mark.parametrize(
    ("text", "path", "owners"),
    [
        ("", "a.py", ""),
        ("docs/* @a", "docs/a.py", "@a"),
        ("docs/* @a", "docs/deep/a.py", ""),
        ("* @a\n/docs/* @b", "docs/deep/a.py", "@a"),
        ("docs/** @a", "docs/deep/a.py", "@a"),
        ("docs/**/x @a", "docs/1/2/x/a.py", "@a"),
        ("docs @a", "deep/docs/er/a.py", "@a"),
        ("/docs @a", "deep/docs/a.py", ""),
        ("do?s/*.py @a", "docs/a.py", "@a"),
        ("/A @a", "a", ""),
        # The last line decides, whichever folder it is about.
        ("/app/x/ @b\n/app/ @a", "app/x/a.py", "@a"),
        ("/app/ @a\n/app/x/ @b", "app/x/a.py", "@b"),
        ("* @a\n*.py", "a.py", ""),
        # White space, comments, line ends.
        ("  *\t@a   @b  ", "a.py", "@a @b"),
        ("\ufeff* @a\r\n*.txt @b\r\n", "a.py", "@a"),
        ("* @a # @b", "a.py", "@a"),
        ("* # nobody", "a.py", ""),
        ("# * @a", "a.py", ""),
        (r"with\ blank/ @a", "with blank/a.py", "@a"),
        # Lines that GitHub skips.
        ("* @a\n!a.py @b", "a.py", "@a"),
        ("* @a\n[ab].py @b", "a.py", "@a"),
        ("* @a\n\\#a.py @b", "#a.py", "@a"),
        ("* @a\n*.py somebody", "a.py", "@a"),
        ("* @a\n*.py @b @", "a.py", "@a"),
        ("* @a\n***.py @b", "a.py", "@a"),
        ("* @a\n/ @b", "a.py", "@a"),
    ],
)
def test_a_file_belongs_to_whom_the_last_valid_line_names(
    text: str, path: str, owners: str
) -> None:
    assert " ".join(Owners.parse(text).of(path)) == owners


def test_the_root_may_lie_below_the_top_of_the_repository() -> None:
    owners = Owners.parse("/backend/app/ @a\n/app/ @b", "backend/")
    assert owners.of("app/x.py") == ("@a",)


def test_the_first_place_that_has_a_file_counts(tmp_path: Path) -> None:
    assert read(str(tmp_path)).of("a.py") == ()
    for place in ("docs", ".", ".github"):
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / "CODEOWNERS").write_text(f"* @{place.strip('.') or 'top'}\n")
        owner = {"docs": "@docs", ".": "@top", ".github": "@github"}[place]
        assert read(str(tmp_path)).of("a.py") == (owner,)


def test_a_file_beyond_githubs_limit_names_nobody(tmp_path: Path) -> None:
    text = b"* @a\n#".ljust(3_000_000)
    (tmp_path / "CODEOWNERS").write_bytes(text)
    assert read(str(tmp_path)).of("a.py") == ("@a",)
    (tmp_path / "CODEOWNERS").write_bytes(text + b" ")
    assert read(str(tmp_path)).of("a.py") == ()


def test_bytes_that_are_no_text_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "CODEOWNERS").write_bytes(b"* @a\n\xff\xfe @b\n")
    assert read(str(tmp_path)).of("a.py") == ("@a",)
