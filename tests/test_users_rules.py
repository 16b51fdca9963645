"""The top-level ``rules.yaml``, checked on a small tree of the shape of its application."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pages import Case, Expected

REPOSITORY = Path(__file__).parents[1]
CORE = "netra_backend/app/websocket_core"
SERVICES = "netra_backend/app/services"
BEFORE_THE_END = "1767225600"
"""New Year 2026, when shims may exist."""

CLEAN = {
    f"{CORE}/__init__.py": "from netra_backend.app.websocket_core.websocket_manager import WebSocketManager\n",
    f"{CORE}/websocket_manager.py": """\
from enum import Enum
from netra_backend.app.websocket_core.unified_manager import UnifiedWebSocketManager

class WebSocketManagerMode(Enum):
    UNIFIED = "unified"

WebSocketManager = UnifiedWebSocketManager
_IMPLEMENTATION = "netra_backend.app.websocket_core.unified_manager"

def get_websocket_manager(user=None, mode=WebSocketManagerMode.UNIFIED):
    return WebSocketManager(mode, user)
""",
    f"{CORE}/unified_manager.py": """\
import threading

from shared.logging.unified_logging_ssot import get_logger

logger = get_logger("netra_backend.app.websocket_core.unified_manager")
LIMITS = {"connections": 3}
_lock = threading.Lock()

try:
    from redis import Redis
except ImportError:
    Redis = None

class UnifiedWebSocketManager:
    def __init__(self, mode, user=None):
        self.connections = {}

    def send(self, event): ...
""",
    # More strings than the five; who sends one of these has not misspelt an event.
    f"{CORE}/types.py": """\
from enum import Enum

class MessageType(str, Enum):
    AGENT_STARTED = "agent_started"
    AGENT_START = "agent_start"
    AGENT_THINKING = "agent_thinking"
    TOOL_EXECUTING = "tool_executing"
    TOOL_COMPLETED = "tool_completed"
    AGENT_COMPLETED = "agent_completed"
    AGENT_ERROR = "agent_error"
""",
    f"{CORE}/protocols.py": """\
from typing import Protocol

class WebSocketManagerProtocol(Protocol):
    def send(self, event): ...
""",
    # Compatibility modules as they may be: all at once, name by name, by functions.
    f"{CORE}/manager.py": """\
import warnings
from netra_backend.app.websocket_core.websocket_manager import WebSocketManager, get_websocket_manager

__all__ = ["WebSocketManager", "get_websocket_manager"]
warnings.warn("use websocket_manager", DeprecationWarning, stacklevel=2)
""",
    f"{CORE}/canonical_imports.py": """\
import warnings
from netra_backend.app.websocket_core import websocket_manager as _home

def __getattr__(name):
    warnings.warn(f"use websocket_manager.{name}", DeprecationWarning, stacklevel=2)
    return getattr(_home, name)
""",
    f"{CORE}/canonical_import_patterns.py": """\
from warnings import warn
from .websocket_manager import *

warn("use websocket_manager", DeprecationWarning, stacklevel=2)
""",
    f"{CORE}/migration_adapter.py": """\
import warnings
from netra_backend.app.websocket_core import websocket_manager as _home

def manager_of(user):
    warnings.warn("use get_websocket_manager", DeprecationWarning, stacklevel=2)
    return _home.get_websocket_manager(user)
""",
    f"{CORE}/unified_manager_compat.py": """\
import warnings
from netra_backend.app.websocket_core.websocket_manager import WebSocketManager as UnifiedWebSocketManager

warnings.warn("use websocket_manager", DeprecationWarning, stacklevel=2)
""",
    f"{SERVICES}/user_execution_context.py": """\
from dataclasses import dataclass

@dataclass(frozen=True)
class UserExecutionContext:
    user: str

    @classmethod
    def from_request(cls, request):
        return cls(request.user)
""",
    f"{SERVICES}/agent_websocket_bridge.py": """\
from netra_backend.app.websocket_core.types import MessageType
from netra_backend.app.websocket_core.websocket_manager import get_websocket_manager

class AgentWebSocketBridge:
    def __init__(self, user):
        self._manager = get_websocket_manager(user)

    def start(self):
        self._manager.send(MessageType.AGENT_STARTED)
        self._manager.send("agent_thinking")

    def tool(self, run):
        self._manager.send(MessageType.TOOL_EXECUTING)
        run()
        self._manager.send(MessageType.TOOL_COMPLETED)

    def finish(self):
        self._manager.send({"type": MessageType.AGENT_COMPLETED.value})
""",
    f"{SERVICES}/websocket_broadcast_service.py": """\
from ..websocket_core.websocket_manager import WebSocketManager

class WebSocketBroadcastService:
    def __init__(self, manager: WebSocketManager): ...

    async def _prevent_cross_user_contamination(self, user, event): ...

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
    "netra_backend/app/agents/thread_agent.py": """\
from typing import TYPE_CHECKING

from netra_backend.app.services.agent_websocket_bridge import AgentWebSocketBridge
from netra_backend.app.websocket_core.protocols import WebSocketManagerProtocol
from netra_backend.app.websocket_core.types import MessageType

if TYPE_CHECKING:
    from netra_backend.app.websocket_core.websocket_manager import WebSocketManager

FIRST_AND_LAST = ["agent_started", MessageType.AGENT_COMPLETED]
PERMISSIONS = ["tool_execution"]
HISTORY = {"tool_executions": 0}
""",
    "shared/logging/unified_logging_ssot.py": """\
import logging

def get_logger(name):
    logging.basicConfig(level=logging.INFO)
    return logging.getLogger(name)
""",
    "test_framework/ssot/base_test_case.py": """\
import unittest

class SSotBaseTestCase: ...

class SSotAsyncTestCase(SSotBaseTestCase, unittest.IsolatedAsyncioTestCase): ...
""",
    "tests/integration/test_thread.py": """\
import logging

from test_framework.ssot.base_test_case import SSotAsyncTestCase
from tests.e2e.thread_test import ThreadTest as Base

class TestThread(SSotAsyncTestCase):
    def test_it_logs(self, caplog):
        caplog.set_level(logging.INFO)

class TestOldThread(Base): ...

class ThreadTests(Base): ...

def test_without_a_class(): ...
""",
    "tests/e2e/thread_test.py": """\
from test_framework.ssot import base_test_case

class ThreadTest(base_test_case.SSotBaseTestCase): ...

class LegacyThreadTestCase(ThreadTest): ...
""",
    # What pytest does not collect is no test.
    "tests/helpers/users.py": "class TestUser: ...\n",
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


def ssot_lint(
    root: Path, *arguments: str, now: str = BEFORE_THE_END
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ssot_lint", *arguments],
        cwd=root,
        env={**os.environ, "SOURCE_DATE_EPOCH": now},
        capture_output=True,
        text=True,
    )


def check(root: Path, now: str = BEFORE_THE_END) -> tuple[int, dict[str, Any]]:
    run = ssot_lint(root, "check", "--format", "json", now=now)
    assert run.stdout, run.stderr
    return run.returncode, json.loads(run.stdout)


HOME = "netra_backend.app.websocket_core.websocket_manager"
OLD = "netra_backend.app.websocket_core"

# Each file with what must be found in it: (line, column, code, rule, subject).
BROKEN: list[tuple[str, str, list[tuple[int, int, str, str, str]]]] = [
    (
        "netra_backend/app/core/supervisor.py",
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
        f"{CORE}/second_manager.py",
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
from netra_backend.app.websocket_core.second_manager import WebSocketManager
from netra_backend.app.websocket_core.websocket_manager import WebSocketManager as Home
""",
        [(1, 61, "SOT202", "other-websocket-manager", "WebSocketManager")],
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


# The same application with its homes spoilt, and more that breaks the rules on events, contracts,
# shims, shared state, tests and logging. What is found is said on its line, as in `tests.pages`.
SPOILT = {
    f"{CORE}/unified_manager.py": """\
class UnifiedWebSocketManager:
    def __init__(self, user=None): ...  # violation:9: websocket-manager-contract UnifiedWebSocketManager.__init__
""",
    f"{CORE}/websocket_manager.py": """\
from netra_backend.app.websocket_core.unified_manager import UnifiedWebSocketManager

WebSocketManager = UnifiedWebSocketManager

def get_websocket_manager(user): ...  # violation:5: websocket-manager-access get_websocket_manager
""",
    f"{SERVICES}/websocket_broadcast_service.py": """\
def create_service(manager):  # violation:1: broadcast-service-access create_broadcast_service
    return WebSocketBroadcastService()

class WebSocketBroadcastService:  # violation:7: broadcast-service-contract WebSocketBroadcastService._prevent_cross_user_contamination
    def prevent_cross_user_contamination(self, user, event): ...
""",
    f"{SERVICES}/user_execution_context.py": """\
class UserExecutionContext:  # violation:7: user-context-contract UserExecutionContext.from_request
    def __init__(self, user): ...

def from_request(request): ...
""",
    # To speak of an event is not to send it.
    f"{SERVICES}/agent_websocket_bridge.py": """\
from netra_backend.app.websocket_core.types import MessageType

class AgentWebSocketBridge:  # violation:7: bridge-without-event AgentWebSocketBridge.tool_completed | bridge-without-event AgentWebSocketBridge.agent_completed
    \"\"\"tool_completed\"\"\"

    def run(self, send):
        send(MessageType.AGENT_STARTED)
        send("agent_thinking")
        send(MessageType.TOOL_EXECUTING)
        # send("agent_completed")
""",
    f"{SERVICES}/events.py": """\
EVENTS = (  # violation:10: second-event-list EVENTS
    "agent_started",
    "agent_thinking",
    "tool_executing",
    "tool_completed",
    "agent_completed",
)
FIRST_AND_LAST = ("agent_started", "agent_completed")

def send(bus):
    bus.send("agent_strated")  # violation:14: second-event-list agent_strated
    bus.send("tool-executing")  # violation:14: second-event-list tool-executing
    bus.send("agent_started")
    bus.send("agent_start")
    bus.send("agent started")
""",
    "netra_backend/app/agents/supervisor.py": """\
from netra_backend.app import websocket_core  # violation:31: agent-around-the-bridge netra_backend.app.websocket_core
from ..websocket_core.types import MessageType
from netra_backend.app.services.agent_websocket_bridge import AgentWebSocketBridge

try:
    from ..websocket_core import unified_emitter  # violation:34: agent-around-the-bridge netra_backend.app.websocket_core.unified_emitter
except ImportError:
    unified_emitter = None

def manager():
    from netra_backend.app.websocket_core.websocket_manager import get_websocket_manager  # violation: agent-around-the-bridge netra_backend.app.websocket_core.websocket_manager.get_websocket_manager
    return get_websocket_manager()
""",
    # Whoever is no agent may import the core.
    "netra_backend/app/routes/agents.py": """\
from netra_backend.app.websocket_core import websocket_manager
""",
    f"{CORE}/manager.py": """\
from netra_backend.app.websocket_core.websocket_manager import WebSocketManager  # violation:1: websocket-shim no-warning
""",
    f"{CORE}/migration_adapter.py": """\
import warnings
from netra_backend.app.services.user_execution_context import UserExecutionContext  # violation: websocket-shim netra_backend.app.services.user_execution_context.UserExecutionContext
from netra_backend.app.websocket_core import websocket_manager as _home

class WebSocketManagerAdapter:  # violation:7: websocket-shim WebSocketManagerAdapter
    def __init__(self):
        self.contexts = {}

def manager_of(user):  # violation:5: websocket-shim no-warning.manager_of
    return _home.get_websocket_manager(user)

def context_of(user):  # violation:5: websocket-shim context_of
    warnings.warn("use UserExecutionContext", DeprecationWarning, stacklevel=2)
    return UserExecutionContext(user or "nobody")
""",
    f"{CORE}/compat/layer_compat.py": """\
from netra_backend.app.websocket_core.types import *  # violation:1: websocket-shim no-warning
""",
    # A layer of compatibility elsewhere has another home.
    "netra_backend/app/db/compat.py": """\
class Session: ...
""",
    f"{CORE}/sessions.py": """\
from functools import lru_cache

_manager = None  # violation:1: shared-websocket-state _manager
_connections = {}  # violation:1: shared-websocket-state _connections
_TABLE = {"a": 1}

def manager():
    global _manager
    _manager = _manager or object()
    return _manager

def connect(user, socket):
    _connections[user] = socket
    return _TABLE["a"]

@lru_cache
def registry():  # violation:5: shared-websocket-state registry
    return {}

class Sessions:
    _instance = None  # violation:5: shared-websocket-state Sessions._instance

    def __new__(cls):
        cls._instance = cls._instance or super().__new__(cls)
        return cls._instance

    def add(self, session):
        self.last = session

class Room:
    users = []  # violation:5: shared-websocket-state Room.users

    def enter(self, user):
        self.users.append(user)

sessions = Sessions()  # violation:1: shared-websocket-state sessions
""",
    "netra_backend/app/cache.py": """\
_manager = None

def manager():
    global _manager
    _manager = _manager or object()
    return _manager
""",
    "tests/unit/test_sessions.py": """\
from unittest import TestCase
from unittest.mock import patch

from test_framework.ssot.base_test_case import SSotBaseTestCase

class TestSessions:  # violation:7: test-without-our-base TestSessions
    def test_it_opens(self): ...

class SessionTests(TestCase):  # violation:7: test-without-our-base SessionTests
    def test_it_opens(self): ...

class TestMore(SSotBaseTestCase): ...

class TestMost(TestMore, TestCase): ...

class Session: ...
""",
    "tests/integration/test_sessions.py": """\
import unittest.mock as m  # violation:8: mock-in-real-test unittest.mock
from unittest import TestCase, mock  # violation:32: mock-in-real-test unittest.mock
from pytest_mock import MockerFixture  # violation: mock-in-real-test pytest_mock.MockerFixture
from test_framework.ssot.mock_factory import SSotMockFactory  # violation: mock-in-real-test test_framework.ssot.mock_factory.SSotMockFactory

def test_it_opens():
    from unittest.mock import AsyncMock  # violation: mock-in-real-test unittest.mock.AsyncMock
""",
    # Each service has tests of its own.
    "netra_backend/tests/e2e/test_sessions.py": """\
import docker.errors  # violation: docker-in-test docker.errors
from testcontainers.redis import RedisContainer  # violation: docker-in-test testcontainers.redis.RedisContainer
from test_framework.unified_docker_manager import UnifiedDockerManager  # violation: docker-in-test test_framework.unified_docker_manager.UnifiedDockerManager
from unittest.mock import patch  # violation: mock-in-real-test unittest.mock.patch

class TestSessions: ...  # violation: test-without-our-base TestSessions
""",
    "scripts/deploy.py": """\
import docker
""",
    "netra_backend/app/db/session.py": """\
import logging
from logging import getLogger as get
from logging.config import dictConfig

from shared.logging.unified_logging_ssot import get_logger

logger = logging.getLogger(__name__)  # violation:10: logging-around-ours logging.getLogger
other = get(__name__)  # violation:9: logging-around-ours logging.getLogger
ours = get_logger(__name__)
ours.setLevel(logging.INFO)

def connect():
    dictConfig({"version": 1})  # violation:5: logging-around-ours logging.config.dictConfig
    logging.warning("slow")  # violation:5: logging-around-ours logging.warning
    logger.warning("slow")
""",
}


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
    lay_out(tmp_path, CLEAN | {f"{CORE}/websocket_manager_copy.py": canonical})
    _, report = check(tmp_path)
    rules = {rule for _, _, _, rule, _ in found(report, f"{CORE}/websocket_manager_copy.py")}
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


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    root = tmp_path_factory.mktemp("spoilt")
    lay_out(root, CLEAN | SPOILT)
    code, report = check(root)
    assert code == 1
    return report


@pytest.mark.parametrize("path", SPOILT)
def test_what_is_wrong_is_found_on_its_line_and_nothing_else(
    spoilt: dict[str, Any], path: str
) -> None:
    expected = Case("users", path, 1, {path: SPOILT[path]}).expected()
    columns = {(e.line, e.subject) for e in expected if e.column is not None}
    assert expected == sorted(
        Expected(path, line, rule, subject, column if (line, subject) in columns else None)
        for line, column, _, rule, subject in found(spoilt, path)
    )


def test_what_was_not_touched_stays_clean(spoilt: dict[str, Any]) -> None:
    assert {v["path"] for v in spoilt["violations"]} <= set(SPOILT)


def test_shims_have_an_end(tmp_path: Path) -> None:
    lay_out(tmp_path, CLEAN)
    the_day_after = "1814400000"  # 2027-07-01
    _, report = check(tmp_path, now=the_day_after)
    assert {(v["rule"], v["subject"]) for v in report["violations"]} == {
        ("websocket-shim", "remove-after")
    }
    assert {v["path"].removeprefix(f"{CORE}/") for v in report["violations"]} == {
        "manager.py",
        "canonical_imports.py",
        "canonical_import_patterns.py",
        "migration_adapter.py",
        "unified_manager_compat.py",
    }


def test_the_coverage_page_names_every_rule() -> None:
    page = (REPOSITORY / "docs/coverage.md").read_text(encoding="utf-8")
    named = re.findall(r"^\|[^|]*\| `([a-z0-9-]+)` \|", page, re.MULTILINE)
    rules = (REPOSITORY / "rules.yaml").read_text(encoding="utf-8")
    assert named == re.findall(r"^  - name: (.+)$", rules, re.MULTILINE)
