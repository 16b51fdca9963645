"""``--ssot-rules`` and ``--ssot-baseline``: where their paths start, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flake8.running import BASELINE, RULES, Step, legacy, serve, sot, write

SOURCE = "from app.old import A, B\n"
ACCEPTED = BASELINE + "work/a.py:\n  old-path app.old.A: 1\n"


@pytest.mark.parametrize(
    ("config", "prefix"),
    [("setup.cfg", ""), ("tox.ini", ""), (".flake8", ""), (".flake8", "./"), (".flake8", "lint/")],
)
def test_paths_in_flake8s_configuration_start_at_its_folder(
    tmp_path: Path, config: str, prefix: str
) -> None:
    """Also a bare file name, and also where flake8 is run from below."""
    folder = prefix.removeprefix("./")
    root = "root: ..\n" if folder else ""
    write(
        tmp_path,
        {
            f"{folder}ours.yaml": RULES.replace("rules:", f"{root}rules:"),
            f"{folder}known.yml": ACCEPTED,
            config: f"[flake8]\nssot-rules = {prefix}ours.yaml\nssot_baseline = {prefix}known.yml\n",
            "work/a.py": SOURCE,
        },
    )
    assert sot("a.py", cwd=tmp_path / "work").lines == (legacy("a.py:1:24", "B"),)


def test_a_configuration_that_is_named_counts_from_its_folder_too(tmp_path: Path) -> None:
    config = "[flake8]\nssot-rules = ours.yaml\nssot-baseline = known.yml\n"
    write(
        tmp_path / "lint",
        {
            "ours.yaml": RULES.replace("rules:", "root: ..\nrules:"),
            "known.yml": ACCEPTED,
            "flake8.cfg": config,
        },
    )
    write(tmp_path, {"work/a.py": SOURCE})
    found = sot("--config=../lint/flake8.cfg", "a.py", cwd=tmp_path / "work")
    assert found.lines == (legacy("a.py:1:24", "B"),)
    assert sot("--config=flake8.cfg", "../work/a.py", cwd=tmp_path / "lint").lines == (
        legacy("../work/a.py:1:24", "B"),
    )


def test_paths_on_the_command_line_start_at_the_working_directory_and_win(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".flake8": "[flake8]\nssot-rules = missing.yaml\nssot-baseline = missing.yml\n",
            "work/ours.yaml": RULES.replace("rules:", "root: ..\nrules:"),
            "work/known.yml": ACCEPTED,
            "work/a.py": SOURCE,
        },
    )
    named = ("--ssot-rules=ours.yaml", "--ssot-baseline", "known.yml")
    assert sot(*named, "a.py", cwd=tmp_path / "work").lines == (legacy("a.py:1:24", "B"),)


def test_an_empty_path_takes_a_configured_one_back(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".flake8": "[flake8]\nssot-rules = missing.yaml\nssot-baseline =\n",
            "rules.yaml": RULES,
            "a.py": SOURCE,
        },
    )
    assert sot("--ssot-rules=", "a.py", cwd=tmp_path).lines == (
        legacy("a.py:1:21", "A"),
        legacy("a.py:1:24", "B"),
    )


def test_a_baseline_alone_replaces_the_one_of_the_rules_that_are_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "rules.yaml": RULES,
            "ssot-baseline.yml": ACCEPTED,
            "none.yml": BASELINE,
            "work/a.py": SOURCE,
        },
    )
    assert sot("--ssot-baseline=none.yml", "work/a.py", cwd=tmp_path).lines == (
        legacy("work/a.py:1:21", "A"),
        legacy("work/a.py:1:24", "B"),
    )


UNUSABLE = {
    "--ssot-rules=no.yaml": ["no.yaml: no such file"],
    "--ssot-rules=app": ["app: this is a folder"],
    # every fault of the rules
    "--ssot-rules=broken.yaml": [
        "broken.yaml:1:1: required key 'rules' is missing",
        "broken.yaml:2:1: unknown key 'rulez', did you mean 'rules'?",
    ],
    # those of another tool
    "--ssot-rules=other.yaml": [
        "other.yaml:1:1: the first line must be 'ssot-lint: 1', which marks a file as rules for "
        "ssot-lint"
    ],
    "--ssot-rules=rules.yaml --ssot-baseline=no.yml": [
        "no.yml: there is no such baseline; 'ssot-lint baseline create' makes it"
    ],
    "--ssot-rules=rules.yaml --ssot-baseline=strange.yml": [
        "strange.yml: has entries of rule 'gone-rule', which the rules lack: 'ssot-lint baseline "
        "forget gone-rule' drops them, 'ssot-lint baseline rename gone-rule NEW' renames them"
    ],
    # with rules that are looked for later
    "--ssot-baseline=no.yml": ["no.yml: cannot be read: No such file or directory"],
    "--ssot-baseline=damaged.yml": [
        "damaged.yml:2: conflict markers of a merge: run 'ssot-lint baseline resolve'"
    ],
}


def test_what_is_named_must_be_usable(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "rules.yaml": RULES,
            "broken.yaml": "ssot-lint: 1\nrulez: []\n",
            "other.yaml": "steps: []\n",
            "damaged.yml": BASELINE + "<<<<<<< ours\n",
            "strange.yml": BASELINE + "a.py:\n  gone-rule x: 1\n",
            "a.py": SOURCE,
        },
    )
    steps: list[Step] = [({}, [*arguments.split(), "a.py"]) for arguments in UNUSABLE]
    answers = serve(tmp_path, *steps)
    assert {
        arguments: (answer["code"], answer["lines"])
        for arguments, answer in zip(UNUSABLE, answers, strict=True)
    } == {
        arguments: (1, ["There was a critical error during execution of Flake8:", *lines])
        for arguments, lines in UNUSABLE.items()
    }


def test_help_names_the_options(tmp_path: Path) -> None:
    text = " ".join(" ".join(sot("--help", cwd=tmp_path).lines).split())
    assert (
        "--ssot-rules FILE The rules file (default: looked for from each file upward). "
        "--ssot-baseline FILE The file of tolerated violations, in place of the one of the rules."
    ) in text
