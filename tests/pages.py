"""Pages of small projects: Markdown that says, on the line that earns it, what is found there.

A page is named after its kind. Each ``##`` section is one case: a sentence or two, a ``yaml``
block (the rules file; the mark is added), and files, each a path in backquotes with a colon and a
fenced block. In any line of these::

    from app.old import X  # violation: old-path app.old.X

expects a violation of rule ``old-path`` with that subject on this line; ``violation:9:`` also in
column 9, ``violation-2:`` two lines above, and ``|`` parts several. ``# note: outside`` expects a
note of that topic. What is not expected must not be found. An ``expect`` block holds the whole
text of the messages, in order: ``path:line:column: CODE message [rule]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGES = sorted(Path(__file__).parent.joinpath("rules").glob("*.md"))

_FENCE = re.compile(r"^(```+)(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([^`\n]+)`:\s*\Z")
_MARK = re.compile(r"#\s*(violation|note)(?:(-\d+))?(?::(\d+))?: ([^#\n]+)")


@dataclass(frozen=True, order=True)
class Expected:
    path: str
    line: int
    rule: str
    subject: str
    column: int | None = None


@dataclass(frozen=True)
class Case:
    """One section of a page."""

    page: str
    title: str
    line: int
    files: dict[str, str] = field(hash=False)
    messages: tuple[str, ...] | None = None

    @property
    def id(self) -> str:
        return f"{self.page}: {self.title}"

    def write(self, folder: Path) -> None:
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())

    def expected(self) -> list[Expected]:
        return sorted(
            Expected(path, line, *_two(part), int(column) if column else None)
            for path, line, what, column, text in self._marks()
            if what == "violation"
            for part in text.split("|")
        )

    def expected_notes(self) -> list[tuple[str, int, str]]:
        return sorted(
            (path, line, topic.strip())
            for path, line, what, _, text in self._marks()
            if what == "note"
            for topic in text.split("|")
        )

    def _marks(self) -> Iterator[tuple[str, int, str, str, str]]:
        for path, text in self.files.items():
            for number, content in enumerate(re.split(r"\r\n|\r|\n", text), 1):
                for what, shift, column, marked in _MARK.findall(content):
                    yield path, number + int(shift or 0), what, column, marked


def _two(text: str) -> tuple[str, str]:
    rule, _, subject = text.strip().partition(" ")
    return rule, subject.strip()


def cases(page: Path) -> Iterator[Case]:
    """The cases of a page; a malformed page is an error."""
    text = page.read_text(encoding="utf-8")
    for section in re.finditer(r"^## (.+)\n((?:(?!^## ).*\n?)*)", text, re.MULTILINE):
        title, body = section.groups()
        files: dict[str, str] = {}
        messages = None
        for block in _FENCE.finditer(body):
            language, content = block.group(2), block.group(3)
            named = _NAMED.search(body[: block.start()])
            if named:
                assert named[1] not in files, f"{page.name}: {title}: {named[1]} twice"
                files[named[1]] = content
            elif language == "yaml":
                mark = "" if "ssot-lint:" in content else "ssot-lint: 1\n"
                files["rules.yaml"] = mark + content
            elif language == "expect":
                messages = tuple(content.splitlines())
            else:
                raise AssertionError(f"{page.name}: {title}: a block without a path")
        if files:
            line = text[: section.start()].count("\n") + 1
            assert "rules.yaml" in files, f"{page.name}: {title}: no rules"
            yield Case(page.stem, title, line, files, messages)
