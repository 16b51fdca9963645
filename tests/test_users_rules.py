"""The top-level ``rules.yaml``, checked on a small tree of the shape of its application."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[1]
CORE = "netra_backend/app/websocket_core"

CLEAN = {
    f"{CORE}/__init__.py": "from netra_backend.app.websocket_core.websocket_manager import WebSocketManager\n",
    f"{CORE}/websocket_manager.py": """\
from enum import Enum
from netra_backend.app.websocket_core.unified_manager import UnifiedWebSocketManager

class WebSocketManagerMode(Enum):
    UNIFIED = "unified"

WebSocketManager = UnifiedWebSocketManager
_IMPLEMENTATION = "netra_backend.app.websocket_core.unified_manager"

def get_websocket_manager(mode=WebSocketManagerMode.UNIFIED):
    return WebSocketManager()
""",
    f"{CORE}/unified_manager.py": """\
import logging

log = logging.getLogger("netra_backend.app.websocket_core.unified_manager")

class UnifiedWebSocketManager:
    def send(self, event): ...
""",
    f"{CORE}/user_execution_context.py": "class UserExecutionContext: ...\n",
    "netra_backend/app/services/websocket_broadcast_service.py": """\
from ..websocket_core.websocket_manager import WebSocketManager

class WebSocketBroadcastService:
    def __init__(self, manager: WebSocketManager): ...

def create_broadcast_service(manager):
    return WebSocketBroadcastService(manager)
""",
    # A factory elsewhere is nobody's business; nor is another package with the same tail.
    "netra_backend/app/agents/agent_factory.py": "class AgentFactory: ...\n",
    "tests/e2e/websocket_core/manager_factory.py": "class WebSocketManagerFactory: ...\n",
    "netra_backend/app/routes/websocket.py": """\
from netra_backend.app.websocket_core.websocket_manager import (
    WebSocketManager,
    WebSocketManagerMode,
    get_websocket_manager,
)
""",
    # Test doubles, a stand-in where the server is not installed, a test of absence, prose.
    "tests/unit/test_websocket.py": '''\
"""Once: netra_backend.app.websocket_core.manager"""
from unittest.mock import MagicMock, patch
import pytest

try:
    from netra_backend.app.websocket_core.websocket_manager import WebSocketManager
except ImportError:
    class WebSocketManager: ...

class MockWebSocketManager: ...

class FakeWebSocketManager(WebSocketManager): ...

def test_the_factory_is_gone():
    with pytest.raises(ImportError):
        from netra_backend.app.websocket_core.websocket_manager_factory import create_websocket_manager

@patch("netra_backend.app.websocket_core.websocket_manager.WebSocketManager")
def test_it_is_patched_at_its_home(manager): ...
''',
}

LEGACY = """\
from netra_backend.app.websocket_core.unified_manager import UnifiedWebSocketManager
from netra_backend.app.websocket_core import get_websocket_manager
"""


def lay_out(root: Path, files: dict[str, str]) -> None:
    shutil.copy(REPOSITORY / "rules.yaml", root)
    for path, source in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(source, encoding="utf-8")


def ssot_lint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ssot_lint", *arguments], cwd=root, capture_output=True, text=True
    )


def check(root: Path) -> tuple[int, dict[str, Any]]:
    run = ssot_lint(root, "check", "--format", "json")
    assert run.stdout, run.stderr
    return run.returncode, json.loads(run.stdout)


HOME = "netra_backend.app.websocket_core.websocket_manager"
OLD = "netra_backend.app.websocket_core"

# Each file with what must be found in it: (line, column, code, rule, subject).
BROKEN: list[tuple[str, str, list[tuple[int, int, str, str, str]]]] = [
    (
        "netra_backend/app/agents/supervisor.py",
        """\
from netra_backend.app.websocket_core.unified_manager import UnifiedWebSocketManager
from netra_backend.app.websocket_core import unified_manager, websocket_manager
from ..websocket_core.manager import WebSocketManager as Manager

def connect():
    import netra_backend.app.websocket_core.canonical_imports as paths
    from netra_backend.app.websocket_core.canonical_import_patterns import get_websocket_manager
    return paths, get_websocket_manager
""",
        [
            (
                1,
                62,
                "SOT102",
                "websocket-manager-implementation",
                f"{OLD}.unified_manager.UnifiedWebSocketManager",
            ),
            (2, 46, "SOT102", "websocket-manager-implementation", f"{OLD}.unified_manager"),
            (3, 38, "SOT102", "old-websocket-path", f"{OLD}.manager.WebSocketManager"),
            (6, 12, "SOT102", "old-websocket-path", f"{OLD}.canonical_imports"),
            (
                7,
                76,
                "SOT102",
                "old-websocket-path",
                f"{OLD}.canonical_import_patterns.get_websocket_manager",
            ),
        ],
    ),
    (
        "netra_backend/app/services/thread.py",
        """\
from netra_backend.app.websocket_core import (
    WebSocketManager,
    get_websocket_manager as manager_of,
)
try:
    from netra_backend.app.websocket_core.websocket_manager_factory import (
        IsolatedWebSocketManager,
        WebSocketManagerFactory,
        create_websocket_manager,
    )
except ImportError:
    create_websocket_manager = None
""",
        [
            (2, 5, "SOT102", "old-websocket-path", f"{OLD}.WebSocketManager"),
            (3, 5, "SOT102", "old-websocket-path", f"{OLD}.get_websocket_manager"),
            (
                7,
                9,
                "SOT102",
                "old-websocket-path",
                f"{OLD}.websocket_manager_factory.IsolatedWebSocketManager",
            ),
            (
                8,
                9,
                "SOT102",
                "old-websocket-path",
                f"{OLD}.websocket_manager_factory.WebSocketManagerFactory",
            ),
            (
                9,
                9,
                "SOT102",
                "old-websocket-path",
                f"{OLD}.websocket_manager_factory.create_websocket_manager",
            ),
        ],
    ),
    (
        f"{CORE}/websocket_manager_factory.py",
        "",
        [(1, 1, "SOT101", "websocket-factory-module", f"{OLD}.websocket_manager_factory")],
    ),
    (
        f"{CORE}/adapters/supervisor_factory.py",
        "",
        [(1, 1, "SOT101", "websocket-factory-module", f"{OLD}.adapters.supervisor_factory")],
    ),
    (
        f"{CORE}/factories/builder.py",
        "",
        [],  # "factories" does not contain "factory"
    ),
    (
        f"{CORE}/factory_parts/builder.py",
        "",
        [(1, 1, "SOT101", "websocket-factory-module", f"{OLD}.factory_parts.builder")],
    ),
    (
        f"{CORE}/migration_adapter.py",
        """\
class WebSocketManager:
    def send(self, event): ...

class WebSocketBroadcastService: ...

async def create_broadcast_service(): ...
""",
        [
            (1, 7, "SOT201", "second-websocket-manager", "WebSocketManager"),
            (4, 7, "SOT201", "second-broadcast-service", "WebSocketBroadcastService"),
            (6, 11, "SOT201", "second-broadcast-service", "create_broadcast_service"),
        ],
    ),
    (
        "netra_backend/app/bridge.py",
        """\
from netra_backend.app.websocket_core.migration_adapter import WebSocketManager
from netra_backend.app.websocket_core.websocket_manager import WebSocketManager as Home
""",
        [(1, 64, "SOT202", "other-websocket-manager", "WebSocketManager")],
    ),
    (
        "netra_backend/app/stub.py",
        """\
class _Raises: ...

WebSocketManager = _Raises
""",
        [(3, 1, "SOT202", "other-websocket-manager", "WebSocketManager")],
    ),
    (
        "tests/unit/test_thread.py",
        """\
from unittest.mock import patch

from netra_backend.app.websocket_core.manager import WebSocketManager

@patch("netra_backend.app.websocket_core.unified_manager.UnifiedWebSocketManager")
def test_one(manager): ...

@patch("netra_backend.app.websocket_core.get_websocket_manager")
def test_two(manager): ...

TABLE = ["netra_backend.app.websocket_core.websocket_manager_factory.create_websocket_manager"]
""",
        [
            (3, 54, "SOT102", "old-websocket-path", f"{OLD}.manager.WebSocketManager"),
            (
                5,
                8,
                "SOT103",
                "websocket-manager-implementation-string",
                f"{OLD}.unified_manager.UnifiedWebSocketManager",
            ),
            (8, 8, "SOT103", "old-websocket-string", f"{OLD}.get_websocket_manager"),
            (
                11,
                10,
                "SOT103",
                "old-websocket-string",
                f"{OLD}.websocket_manager_factory.create_websocket_manager",
            ),
        ],
    ),
]


def found(report: dict[str, Any], path: str) -> list[tuple[int, int, str, str, str]]:
    return [
        (v["span"]["line"], v["span"]["column"], v["code"], v["rule"], v["subject"])
        for v in report["violations"]
        if v["path"] == path
    ]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    root = tmp_path_factory.mktemp("application")
    lay_out(root, CLEAN | {path: source for path, source, _ in BROKEN})
    code, report = check(root)
    assert code == 1
    return report


def test_the_application_as_it_should_be_is_clean(tmp_path: Path) -> None:
    lay_out(tmp_path, CLEAN)
    code, report = check(tmp_path)
    assert (code, report["violations"]) == (0, [])


def test_every_entry_of_the_rules_has_a_purpose(tmp_path: Path) -> None:
    folders = ("backups", "backup", "archive", "archived")
    lay_out(tmp_path, CLEAN | {f"{folder}/old.py": LEGACY for folder in folders})
    run = ssot_lint(tmp_path, "rules", "validate", "--strict")
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_rules_pass_their_own_examples(tmp_path: Path) -> None:
    lay_out(tmp_path, CLEAN)
    run = ssot_lint(tmp_path, "rules", "test")
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("path", "expected"), [pytest.param(p, e, id=p) for p, _, e in BROKEN])
def test_found(
    broken: dict[str, Any], path: str, expected: list[tuple[int, int, str, str, str]]
) -> None:
    assert found(broken, path) == expected


def test_nothing_else_is_found(broken: dict[str, Any]) -> None:
    assert {v["path"] for v in broken["violations"]} == {p for p, _, expected in BROKEN if expected}


@pytest.mark.parametrize(
    ("legacy", "replacement"),
    [
        pytest.param(
            f"{OLD}.unified_manager.UnifiedWebSocketManager",
            f"{HOME}.WebSocketManager",
            id="renamed",
        ),
        pytest.param(f"{OLD}.manager.WebSocketManager", f"{HOME}.WebSocketManager", id="module"),
        pytest.param(f"{OLD}.get_websocket_manager", f"{HOME}.get_websocket_manager", id="package"),
        pytest.param(
            f"{OLD}.websocket_manager_factory.create_websocket_manager",
            f"{HOME}.get_websocket_manager",
            id="from a removed module",
        ),
    ],
)
def test_the_message_names_what_to_import(
    broken: dict[str, Any], legacy: str, replacement: str
) -> None:
    messages = {
        v["message"]
        for v in broken["violations"]
        if v["code"] == "SOT102" and v["subject"] == legacy
    }
    assert messages == {f"import of legacy path {legacy}; use {replacement}, which exists"}


@pytest.mark.parametrize("name", ["WebSocketManagerFactory", "IsolatedWebSocketManager"])
def test_some_names_have_no_successor(broken: dict[str, Any], name: str) -> None:
    legacy = f"{OLD}.websocket_manager_factory.{name}"
    messages = {v["message"] for v in broken["violations"] if v["subject"] == legacy}
    assert messages == {f"import of legacy path {legacy}; it was removed and has no successor"}


@pytest.mark.parametrize(
    ("folder", "is_judged"),
    [
        pytest.param("backups", False, id="backups"),
        pytest.param("backup", False, id="backup"),
        pytest.param("netra_backend/archive", False, id="archive, at any depth"),
        pytest.param("tests/archived", False, id="archived"),
        pytest.param("backup_service", True, id="a folder whose name only contains backup"),
        pytest.param("tests", True, id="tests are checked"),
    ],
)
def test_excluded_folders(tmp_path: Path, folder: str, is_judged: bool) -> None:
    lay_out(tmp_path, CLEAN | {f"{folder}/old.py": LEGACY})
    code, report = check(tmp_path)
    assert len(found(report, f"{folder}/old.py")) == 2 * is_judged
    assert code == int(is_judged)


def test_nobody_but_the_canonical_module_imports_the_implementation(tmp_path: Path) -> None:
    canonical = CLEAN[f"{CORE}/websocket_manager.py"]
    lay_out(tmp_path, CLEAN | {f"{CORE}/websocket_manager_compat.py": canonical})
    _, report = check(tmp_path)
    rules = {rule for _, _, _, rule, _ in found(report, f"{CORE}/websocket_manager_compat.py")}
    assert rules == {
        "websocket-manager-implementation",
        "websocket-manager-implementation-string",
    }


def test_what_the_canonical_module_may_do_does_not_cover_the_other_paths(tmp_path: Path) -> None:
    lay_out(tmp_path, CLEAN)
    canonical = tmp_path / CORE / "websocket_manager.py"
    canonical.write_text("from .manager import send\n" + canonical.read_text())
    _, report = check(tmp_path)
    assert found(report, f"{CORE}/websocket_manager.py") == [
        (1, 22, "SOT102", "old-websocket-path", f"{OLD}.manager.send")
    ]
