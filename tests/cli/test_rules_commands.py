"""``ssot-lint rules``, ``explain`` and ``config``."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.cli.projects import OLD, RULES, Make
from tests.cli.test_check import BROKEN_RULE, THREE

EXAMPLES = f"""{RULES}
    examples:
      bad: [from app.old import X, import app.old]
      good: from app.new import X
"""


def test_list_shows_every_rule(make: Make) -> None:
    rules = THREE.replace("No factories.", "No\n      factories.").replace(
        "    modules", "    severity: warning\n    modules"
    )
    answer = make({"rules.yaml": rules}).run("rules", "list")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        "old-path        SOT102  legacy-import     error    One home.\n"
        "factory-module  SOT101  forbidden-module  warning  No factories.\n"
        "other-x         SOT202  divergent-name    error    One X.\n"
    )


def test_validate_says_that_the_rules_can_work(make: Make) -> None:
    answer = make({"rules.yaml": THREE.replace("*factory*", "new*")}).run("rules", "validate")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "3 rules can work; no idle entries\n"


@pytest.mark.parametrize(
    ("options", "code"), [pytest.param([], 0, id="a note"), pytest.param(["--strict"], 1, id="no")]
)
def test_validate_names_idle_entries(make: Make, options: list[str], code: int) -> None:
    rules = f"{RULES}    allow_in: [app.none]\n    paths: [/nowhere/]\n"
    project = make({"rules.yaml": rules, "app/use.py": OLD})
    answer = project.run("rules", "validate", *options, cwd="app")
    assert answer.code == code
    lines = answer.out.splitlines()
    assert [line.partition(" note")[0][:18] for line in lines] == [
        "../rules.yaml:7: a",
        "../rules.yaml:8: p",
    ]
    assert lines[1] == "../rules.yaml:8: paths: '/nowhere/' matches no file [old-path]"
    assert answer.err == "1 rule can work; 2 idle entries\n"


def test_paths_of_a_library_are_noted_and_not_idle(make: Make) -> None:
    rules = RULES.replace("app.old:", "library.old:")
    answer = make({"rules.yaml": rules}).run("rules", "validate", "--strict")
    assert answer.code == 0
    where = "rules.yaml:6: moved: 'library.old'"
    assert answer.out == f"{where}: 'library' is outside this project [old-path]\n"


@pytest.mark.parametrize("options", [[], ["--strict"]])
def test_validate_names_rules_that_cannot_work(make: Make, options: list[str]) -> None:
    answer = make({"rules.yaml": BROKEN_RULE}).run("rules", "validate", *options)
    assert (answer.code, answer.err) == (2, "")
    assert answer.out == (
        "rules.yaml:12:5: SOT002 rule 'one-x' cannot work: home 'app.gone.X' leads nowhere: "
        "missing module app.gone\n"
    )


def test_the_examples_test_the_rules(make: Make) -> None:
    project = make({"rules.yaml": EXAMPLES})
    answer = project.run("rules", "test")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == "3 examples of 1 rule: 0 failed\n"
    project.write({"rules.yaml": EXAMPLES.replace("import app.old]", "import app.new]")})
    answer = project.run("rules", "test", cwd="app")
    assert answer.code == 1
    assert answer.out == "../rules.yaml:8: old-path: bad example 2: the rule does not report it\n"
    assert answer.err == "3 examples of 1 rule: 1 failed\n"
    project.write({"rules.yaml": EXAMPLES.replace("good: from app.new", "good: from app.old")})
    assert project.run("rules", "test").out == (
        "rules.yaml:8: old-path: good example 1: the rule reports it: import of legacy path "
        "app.old.X; use app.new.X, which exists (line 1)\n"
    )
    project.write({"rules.yaml": EXAMPLES.replace("good: from", "good: form")})
    assert "good example 1: it does not parse: " in project.run("rules", "test").out


def test_one_rule_can_be_tested_alone(make: Make) -> None:
    more = (
        EXAMPLES.partition("rules:\n")[2].replace("old-path", "wrong").replace("bad:", "good:", 1)
    )
    more = more.replace("      good: from app.new import X\n", "")
    project = make({"rules.yaml": EXAMPLES + more})
    assert project.run("rules", "test").code == 1
    assert project.run("rules", "test", "--rule", "wrong").code == 1
    answer = project.run("rules", "test", "--rule", "old-path")
    assert (answer.code, answer.err) == (0, "3 examples of 1 rule: 0 failed\n")
    answer = project.run("rules", "test", "--rule", "old-pth")
    line = "ssot-lint: there is no rule 'old-pth', did you mean 'old-path'?\n"
    assert (answer.code, answer.err) == (2, line)


def test_schema_needs_no_rules_and_describes_them(make: Make) -> None:
    answer = make({"rules.yaml": None}).run("rules", "schema")
    assert (answer.code, answer.err) == (0, "")
    validator = Draft202012Validator(json.loads(answer.out))
    assert validator.is_valid(yaml.safe_load(THREE))
    assert not validator.is_valid(yaml.safe_load(THREE.replace("reason", "reasn")))


# explain


@pytest.mark.parametrize("what", ["SOT102", "sot102", "legacy-import"])
def test_explain_prints_the_manual_of_a_kind(make: Make, what: str) -> None:
    answer = make({"rules.yaml": None}).run("explain", what)
    assert answer.code == 0
    assert answer.out.startswith("SOT102 legacy-import\n\nAn import, in any form, of a path")
    assert "    moved (" in answer.out
    assert "    severity (" in answer.out


@pytest.mark.parametrize("what", ["SOT001", "SOT002", "SOT003", "unreadable-file"])
def test_explain_knows_the_built_in_kinds(make: Make, what: str) -> None:
    answer = make().run("explain", what)
    assert answer.out.endswith("This kind is built in: it needs no rule, and takes no options.\n")


def test_explain_prints_what_a_rule_says_before_the_manual(make: Make) -> None:
    more = "    severity: warning\n    owner: the team\n    docs: https://x.org/\n    until: 2027-03-31\n"
    project = make({"rules.yaml": RULES + more})
    said, _, manual = project.run("explain", "old-path").out.partition("\n\nSOT102")
    assert said == (
        f"old-path (SOT102 legacy-import, line 3 of {project.folder}/rules.yaml)\n\n"
        "    One home.\n"
        "    Owner: the team\n    Docs: https://x.org/\n    Until: 2027-03-31"
    )
    assert f"SOT102{manual}" == project.run("explain", "SOT102").out


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("old-pth", "'old-pth' is no code, no kind and no rule, did you mean 'old-path'?"),
        ("SOT1O2", "'SOT1O2' is no code, no kind and no rule, did you mean 'SOT102'?"),
        ("zzz", "'zzz' is no code, no kind and no rule"),
    ],
)
def test_explain_refuses_unknown_words(make: Make, what: str, line: str) -> None:
    answer = make().run("explain", what)
    assert (answer.code, answer.out, answer.err) == (2, "", f"ssot-lint: {line}\n")


def test_explain_says_so_where_there_are_no_rules_to_look_in(make: Make) -> None:
    answer = make({"rules.yaml": "- no rules of ours\n"}).run("explain", "legacy-imprt")
    lines = answer.err.splitlines()
    assert answer.code == 2
    assert lines[0] == (
        "ssot-lint: 'legacy-imprt' is no code and no kind, did you mean 'legacy-import'?"
    )
    assert lines[1].startswith("ssot-lint: no rules found: ")
    assert lines[2].startswith("ssot-lint: rules.yaml: passed over, ")


def test_explain_looks_into_the_rules_that_are_named(make: Make) -> None:
    project = make({"other.yaml": RULES.replace("old-path", "other-name")})
    assert project.run("explain", "other-name").code == 2
    assert project.run("explain", "other-name", "--rules", "other.yaml").code == 0


# config


def test_config_says_what_applies(make: Make) -> None:
    project = make({"rules.yaml": THREE, "src/a.py": ""})
    folder = project.folder
    assert project.run("config", cwd="app").out == (
        f"rules     {folder}/rules.yaml\n"
        f"root      {folder}\n"
        "roots     ., src\n"
        f"baseline  {folder}/ssot-baseline.yml (does not exist)\n"
        "rule      old-path (SOT102 legacy-import): editor, hook and CI\n"
        "rule      factory-module (SOT101 forbidden-module): editor, hook and CI\n"
        "rule      other-x (SOT202 divergent-name): hook and CI; editor, once 'ssot-lint check' has "
        "left a cache\n"
    )
    project.run("baseline", "create")
    assert f"baseline  {folder}/ssot-baseline.yml\n" in project.run("config").out
    out = project.run("config", "--root", "app").out
    assert f"root      {folder}/app\nroots     .\n" in out
    assert re.search("^rules +.*/other.yaml$", project.write({"other.yaml": RULES}).run("config", "--rules", "other.yaml").out, re.M)  # fmt: skip


@pytest.mark.parametrize(
    ("file", "rest"),
    [
        pytest.param(
            "app/use.py",
            "file      app/use.py\n"
            "module    app.use\n"
            "rule      old-path (SOT102 legacy-import): editor, hook and CI\n",
            id="judged",
        ),
        pytest.param(
            "app/not-there.py",
            "file      app/not-there.py\n"
            "module    none: no import can name it\n"
            "rule      old-path (SOT102 legacy-import): editor, hook and CI\n",
            id="no module, nor a file yet",
        ),
        pytest.param(
            "tools/a.py",
            "file      tools/a.py\n"
            "module    tools.a\n"
            "rule      none: see 'paths', 'exclude' and 'allow_in' of the rules\n",
            id="outside every rule",
        ),
        pytest.param("old/a.py", "file      old/a.py: not judged: excluded\n", id="excluded"),
        pytest.param("rules.yaml", "file      rules.yaml: not judged: not a Python file\n", id="no code"),
        pytest.param("/elsewhere/a.py", "file      /elsewhere/a.py: not judged: outside the root\n", id="outside"),
    ],
)  # fmt: skip
def test_config_says_what_applies_to_a_file_and_why_nothing_does(
    make: Make, file: str, rest: str
) -> None:
    rules = RULES.replace("rules:", "exclude: [/old/]\nrules:") + "    paths: [/app/]\n"
    project = make({"rules.yaml": rules, "app/use.py": OLD})
    answer = project.run("config", file, "--rules", "rules.yaml")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.partition("(does not exist)\n")[2] == rest


def test_config_starts_looking_at_the_file(make: Make) -> None:
    project = make({"inner/rules.yaml": RULES, "inner/a.py": ""})
    assert project.run("config", "inner/a.py").out.startswith(
        f"rules     {project.folder}/inner/rules.yaml\n"
    )
    answer = make({"rules.yaml": None}).run("config", "app/new.py")
    assert answer.code == 2
    assert answer.err.startswith("ssot-lint: no rules found: ")
