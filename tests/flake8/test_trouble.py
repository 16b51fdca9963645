"""Rules that are found and unusable: one line in each file, and never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.flake8.running import BASELINE, RULES, Run, flake8, legacy, sot, write

SOURCE = "from app.old import A\nfrom app.old import B\n"


def broken(path: str, problem: str) -> str:
    return f"{path}:1:1: SOT002 {problem} [broken-rule]"


def test_without_rules_flake8_is_as_without_us(tmp_path: Path) -> None:
    projects: dict[str, dict[str, str]] = {
        "none": {},
        "of-another-tool": {"rules.yaml": "steps: []\n"},
        "a-folder": {"rules.yaml/x": ""},
        "no-table": {"pyproject.toml": "[project]\nname = 'ssot-lint-user'\n"},
        "somebody-elses-damage": {"pyproject.toml": "ssot-lint = [\n"},
    }
    for name, files in projects.items():
        write(tmp_path / name, {"app/a.py": SOURCE, **files})
    # Above the top of a repository nothing is looked for.
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    assert sot(*projects, cwd=tmp_path) == Run((), 0)


UNUSABLE: dict[str, tuple[dict[str, str], str]] = {
    "baseline-damaged": (
        {"rules.yaml": RULES, "ssot-baseline.yml": BASELINE + "a.py:\nno entry\n"},
        "ssot-baseline.yml:3: neither a file ('path.py:') nor an entry ('  rule subject: 1')",
    ),
    "baseline-empty": (
        {"rules.yaml": RULES, "ssot-baseline.yml": ""},
        "ssot-baseline.yml:1: empty; a baseline begins with '# ssot-baseline v1'",
    ),
    "baseline-named-by-the-rules-and-missing": (
        {"rules.yaml": RULES.replace("rules:", "baseline: no.yml\nrules:")},
        "no.yml: there is no such baseline; 'ssot-lint baseline create' makes it",
    ),
    "faults": (
        {"rules.yaml": RULES.replace("moved:", "movd:") + "rulez: 1\n"},
        "faults/rules.yaml:3:5: old-path: one of 'moved' and 'removed' is required",
    ),
    "named-by-pyproject-and-missing": (
        {"pyproject.toml": "[tool.ssot-lint]\nrules = 'no.yaml'\n"},
        "named-by-pyproject-and-missing/pyproject.toml: [tool.ssot-lint] names 'no.yaml', and "
        "there is no such file",
    ),
    "no-yaml": (
        {"rules.yaml": "ssot-lint: 1\nrules: [\n"},
        "no-yaml/rules.yaml:3:1: not valid YAML: did not find expected node content while parsing "
        "a flow node",
    ),
    "python": (
        {"rules.yaml": RULES.replace("rules:", 'python: ">=3.99"\nrules:')},
        "python/rules.yaml:2:1: the code needs Python 3.99, which {}.{} cannot parse: run "
        "ssot-lint on a newer Python".format(*sys.version_info),
    ),
    "root": (
        {"rules.yaml": RULES.replace("rules:", "roots: [src]\nrules:")},
        "root/rules.yaml:2:9: there is no folder 'src' below the root",
    ),
}


def test_one_line_says_what_is_unusable(tmp_path: Path) -> None:
    """The first, where there are several faults; the other files are judged."""
    for name, (files, _) in UNUSABLE.items():
        write(tmp_path / name, {"a.py": SOURCE, **files})
    write(tmp_path / "zone", {"a.py": "from app.old import A\n", "rules.yaml": RULES})
    names = [f"{name}/a.py" for name in (*UNUSABLE, "zone")]
    assert sot(*names, cwd=tmp_path).lines == (
        *(broken(f"{name}/a.py", problem) for name, (_, problem) in UNUSABLE.items()),
        legacy("zone/a.py:1:21", "A"),
    )


def test_other_linters_still_run(tmp_path: Path) -> None:
    write(tmp_path, {"app/a.py": "import os\n", "rules.yaml": "ssot-lint: 2\n"})
    assert flake8("app/a.py", cwd=tmp_path).lines == (
        "app/a.py:1:1: F401 'os' imported but unused",
        "app/a.py:1:1: SOT002 rules.yaml:1:1: made for a newer ssot-lint: this one reads format "
        "1, not 2 [broken-rule]",
    )


def test_a_fault_of_ours_is_one_line_too(tmp_path: Path) -> None:
    """The fault is real: a PyYAML that cannot be imported, as in a broken environment."""
    write(tmp_path, {"app/a.py": SOURCE, "app/b.py": "", "rules.yaml": RULES})
    write(tmp_path / "broken", {"yaml.py": "raise RuntimeError('no YAML\\ntoday')\n"})
    says = (
        "SOT002 internal error: RuntimeError: no YAML today; run 'ssot-lint check' on this file "
        "to see where [broken-rule]"
    )
    for options in ((), ("--ssot-rules=rules.yaml",)):
        found = sot(*options, "--jobs=2", "app", cwd=tmp_path, PYTHONPATH=str(tmp_path / "broken"))
        assert found == Run(
            (f"app/a.py:1:1: {says}", f"app/b.py:1:1: {says}", f"app/new.py:1:1: {says}"), 1
        )


def test_a_name_that_no_encoding_knows_breaks_nothing(tmp_path: Path) -> None:
    """Undecodable bytes of file names are lone surrogates, which flake8 cannot print."""
    folder = tmp_path / "caf\udce9"
    try:
        write(folder, {"rules.yaml": "ssot-lint: 1\n", "sub/a.py": SOURCE})
    except (OSError, UnicodeEncodeError):
        pytest.skip("the file system takes Unicode only")
    problem = f"{tmp_path}/caf\\udce9/rules.yaml:1:1: required key 'rules' is missing"
    assert sot("a.py", cwd=folder / "sub").lines == (broken("a.py", problem),)
    assert sot("--ssot-rules=../rules.yaml", "a.py", cwd=folder / "sub").lines == (
        "There was a critical error during execution of Flake8:",
        problem,
    )
