"""What a process keeps between files, and what it loads."""

from __future__ import annotations

from pathlib import Path

from tests.flake8.running import BASELINE, PYTHON, RULES, Step, legacy, run, serve, write


def test_a_process_that_lives_on_notices_every_change(tmp_path: Path) -> None:
    write(tmp_path, {"app/a.py": "from app.old import A\n"})
    nearer = RULES.replace("rules:", "root: ..\nrules:")
    other = RULES.replace("app.old: app.new", "app.odd: app.new")
    named = "[tool.ssot-lint]\nrules = 'lint/r.yaml'\n"
    a = ["--select=SOT", "app/a.py"]
    named_rules = ["--ssot-rules=rules.yaml"]
    found = (legacy("app/a.py:1:21", "A"),)
    steps: list[tuple[str, Step, tuple[str, ...]]] = [
        ("no rules", ({}, a), ()),
        ("rules appear", ({"rules.yaml": RULES}, a), found),
        ("they change, and keep their size", ({"rules.yaml": other}, a), ()),
        ("nearer ones appear", ({"app/rules.yaml": nearer}, a), found),
        ("a baseline appears", ({"ssot-baseline.yml": BASELINE + "app/a.py:\n  old-path app.old.A: 1\n"}, a), ()),
        ("it shrinks", ({"ssot-baseline.yml": BASELINE}, a), found),
        ("it is damaged", ({"ssot-baseline.yml": "x"}, a), ("app/a.py:1:1: SOT002 ",)),
        ("it is of other rules", ({"ssot-baseline.yml": BASELINE + "app/a.py:\n  new-path app.old.A: 1\n"}, a), ("app/a.py:1:1: SOT002 ",)),
        ("which come", ({"app/rules.yaml": nearer.replace("old-path", "new-path")}, a), ()),
        ("and go", ({"app/rules.yaml": nearer}, a), ("app/a.py:1:1: SOT002 ",)),
        ("it goes away", ({"ssot-baseline.yml": None}, a), found),
        ("the file is ignored", ({".gitignore": "a.py\n"}, a), ()),
        ("and no longer", ({".gitignore": "b.py\n"}, a), found),
        ("the rules break", ({"app/rules.yaml": "ssot-lint: 1\n"}, a), ("app/a.py:1:1: SOT002 ",)),
        ("and heal", ({"app/rules.yaml": nearer}, a), found),
        ("they go away: the ones above apply", ({"app/rules.yaml": None}, a), ()),
        ("others are named", ({"pyproject.toml": named, "lint/r.yaml": RULES.replace("rules:", "roots: [., src]\nrules:")}, a), ("app/a.py:1:1: SOT002 ",)),
        ("their root appears", ({"src/x.py": ""}, a), found),
        ("an option names others", ({}, [*named_rules, *a]), ()),
        ("and a baseline that is not there", ({}, [*named_rules, "--ssot-baseline=ssot-baseline.yml", *a]), (
            "There was a critical error during execution of Flake8:",
            "ssot-baseline.yml: there is no such baseline; 'ssot-lint baseline create' makes it",
        )),
        ("and no longer", ({}, a), found),
    ]  # fmt: skip
    answers = serve(tmp_path, *(step for _, step, _ in steps))
    for (what, _, expected), answer in zip(steps, answers, strict=True):
        lines = tuple(answer["lines"])
        if expected and expected[0].endswith("SOT002 "):
            lines = tuple(line[: len(expected[0])] for line in lines)
        assert lines == expected, what


def test_rules_baseline_and_ignore_files_are_read_once(tmp_path: Path) -> None:
    """Rules twice: for their mark, and for what they say."""
    entries = "".join(f"app/m{i}.py:\n  old-path app.old.A: 1\n" for i in range(9))
    files = {f"app/m{i}.py": "from app.old import A, B\n" for i in range(9)}
    write(tmp_path, {"rules.yaml": RULES, "ssot-baseline.yml": BASELINE + entries, **files})
    ours = "--select=SOT"
    first, second, third = serve(
        tmp_path,
        ({}, [ours, "."]),
        ({}, [ours, "app"]),
        ({}, [ours, "--ssot-rules=rules.yaml", "app"]),
    )
    for answer, at in ((first, "./app"), (second, "app"), (third, "app")):
        assert answer["lines"] == [legacy(f"{at}/m{i}.py:1:24", "B") for i in range(9)]
    assert (first["read"].count("rules.yaml"), first["read"].count("ssot-baseline.yml")) == (2, 1)
    assert {"rules.yaml", "ssot-baseline.yml"}.isdisjoint(second["read"])
    assert {"rules.yaml", "ssot-baseline.yml"}.isdisjoint(third["read"])


HEAVY = {"astroid", "click", "importlib.metadata", "libcst", "multiprocessing", "networkx", "yaml"}


def test_importing_the_plugin_is_cheap(tmp_path: Path) -> None:
    code = "import sys; {}; print(*sys.modules, sep='\\n')"
    bare = set(
        run(
            PYTHON,
            "-c",
            code.format("import __future__, dataclasses, difflib, typing"),
            cwd=tmp_path,
        ).lines
    )
    with_us = set(
        run(PYTHON, "-c", code.format("import ssot_lint.flake8_plugin"), cwd=tmp_path).lines
    )
    assert with_us - bare == {
        "ssot_lint",
        "ssot_lint.builtin",
        "ssot_lint.errors",
        "ssot_lint.flake8_plugin",
    }


def test_a_run_loads_only_what_it_needs(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "from app.old import A\n"})
    ours = "--select=SOT"
    without, checked = serve(
        tmp_path, ({}, [ours, "a.py"]), ({"rules.yaml": RULES}, [ours, "a.py"])
    )
    heavy = HEAVY - {"importlib.metadata", "multiprocessing"}  # flake8's own
    assert not {*heavy, "ssot_lint.engine"} & set(without["modules"])
    assert heavy & set(checked["modules"]) == {"yaml"}
    assert checked["lines"] == [legacy("a.py:1:21", "A")]
