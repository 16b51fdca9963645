"""What is wrong with rules: those that cannot work, and entries that match nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ssot_lint.advice import idle_modules
from ssot_lint.builtin import BrokenRule
from ssot_lint.engine.survey import Site, rules_path
from ssot_lint.globs import Globs
from ssot_lint.model import Note, Remark, Span, Violation
from ssot_lint.rule import Rule


def faults_of(site: Site, rule: Rule) -> Iterator[Violation]:
    """SOT002 for whatever keeps a rule from working."""
    for option, message in rule.broken(site.project):
        yield _broken(site, rule.name, option, message)


def faults_of_run(site: Site) -> Iterator[Violation]:
    """SOT002 for a root, or a run, without files."""
    if not site.asked:
        yield _broken(site, "", "", "no Python file is judged below the root")
    for root in site.discovery.roots if site.config.roots else ():
        prefix = "" if root == "." else root + "/"
        if site.asked and not any(file.path.startswith(prefix) for file in site.project.files):
            yield _broken(site, "", "roots", f"no Python file is judged below root '{root}'")


def _broken(site: Site, rule: str, option: str, message: str) -> Violation:
    """SOT002 at the rule's line in the rules file."""
    line, column = site.config.place(rule, option)
    return Violation(
        path=rules_path(site.config),
        span=Span(line, column, line, column),
        code=BrokenRule.code,
        rule=BrokenRule.kind,
        subject=rule or "rules",
        message=f"rule '{rule}' cannot work: {message}" if rule else message,
        statement=(line, column),
    )


def idle_entries(site: Site, rule: Rule) -> Iterator[Note]:
    """A note for every entry of a rule that matches nothing."""
    entries = [*rule.idle(site.project), *idle_modules(site.project, "allow_in", rule.allow_in)]
    entries += [Remark("paths", text) for text in _idle_globs(rule.paths, site)]
    entries += [Remark("exclude", text) for text in _idle_globs(rule.exclude, site)]
    for option, message, topic in entries:
        line, _ = site.config.place(rule.name, option)
        yield Note(topic, f"{option}: {message}", rule.name, rules_path(site.config), line)


def idle_globs(site: Site) -> Iterator[Note]:
    """A note for every glob of the top level that matches nothing."""
    for option, glob in site.discovery.idle:
        line, _ = site.config.place("", option)
        yield Note("idle", f"{option}: '{glob}' matches nothing", "", rules_path(site.config), line)


def _idle_globs(globs: Globs | None, site: Site) -> Iterator[str]:
    for line in globs.lines if globs is not None else ():
        positive = Globs.parse([line.removeprefix("!")])
        if not any(positive.match_file(file.path) for file in site.project.files):
            yield f"'{line}' matches no file"
