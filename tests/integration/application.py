"""A small application in the middle of a migration, for tests that play its history."""

from __future__ import annotations

RULES = """\
ssot-lint: 1
roots: [.]
baseline: ssot-baseline.yml
rules:
  - name: old-path
    kind: legacy-import
    reason: The thing has one home.
    moved:
      app.old: app.new
  - name: second-thing
    kind: duplicate-definition
    reason: Two things drift apart.
    classes: [Thing]
    home: app.new.Thing
  - name: one-thing
    kind: divergent-name
    reason: Everybody must mean the same thing.
    names: [Thing]
    home: app.new.Thing
"""
OLD = "from app.old import Thing\n"
NEW = "from app.new import Thing\n"
PADDING = "".join(f"name_{number} = {number}\n" for number in range(20))

FILES = {
    "rules.yaml": RULES,
    "app/__init__.py": "",
    "app/new.py": "class Thing: ...\n",
    "app/old.py": "from app.new import Thing\n",
    "app/routes/__init__.py": "",
    "app/routes/chat.py": OLD + PADDING,
    "app/routes/room.py": OLD + "from app.old import Thing as Other\n" + PADDING,
    "app/user.py": OLD,
}
HEAD = "# ssot-baseline v1 (machine-written: see `ssot-lint baseline --help`)\n"
BASELINE = (
    HEAD
    + """\
app/routes/chat.py:
  old-path app.old.Thing: 1
app/routes/room.py:
  old-path app.old.Thing: 2
app/user.py:
  old-path app.old.Thing: 1
"""
)
