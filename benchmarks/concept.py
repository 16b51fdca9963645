"""The session broker of an invented freight company, and the ways in which code gets hold of it.

The shares are those counted in a real application in the middle of such a migration.
"""

from __future__ import annotations

from random import Random
from textwrap import indent

LIVE = "harbor_api.app.live"
HOME = f"{LIVE}.session_broker"
OLD = f"{LIVE}.unified_broker"
"""Moved to `HOME`, which still imports it as its implementation."""
GONE = f"{LIVE}.broker_factory"
"""Deleted; many still import it in a ``try``."""

_NAMES = {
    OLD: ["UnifiedSessionBroker", "BrokerMode", "BrokerEvent", "get_session_broker"],
    GONE: ["create_session_broker", "SessionBrokerFactory", "IsolatedSessionBroker"],
}

RULES = f"""\
ssot-lint: 1
roots: [.]

rules:
  - name: old-broker-path
    kind: legacy-import
    reason: One import path for the session broker.
    moved:
      {OLD}.UnifiedSessionBroker: {HOME}.SessionBroker
      {OLD}: {HOME}
    removed: [{GONE}]
    allow_in: [{HOME}]

  - name: old-broker-string
    kind: legacy-reference
    reason: A patch target follows the import.
    of: old-broker-path

  - name: broker-factory-module
    kind: forbidden-module
    reason: Brokers are made by get_session_broker, not by factory modules.
    modules: ["{LIVE}.*factory*"]

  - name: second-broker
    kind: duplicate-definition
    reason: Two brokers lose events.
    classes: [SessionBroker, "Unified*Session*Broker"]
    home: {HOME}.SessionBroker
    defined_in: [{OLD}]

  - name: one-broker
    kind: divergent-name
    reason: Whoever says SessionBroker means the same class.
    names: [SessionBroker]
    home: {HOME}.SessionBroker
"""

FURTHER_RULES = f"""
  - name: one-path-to-the-broker
    kind: import-path
    reason: A move must find whoever holds a broker.
    home: {HOME}.SessionBroker

  - name: no-dead-imports
    kind: unresolved-import
    reason: A guarded import of what is gone switches a feature off.

  - name: broker-by-another-name
    kind: lookalike-class
    reason: A second table of sessions loses events.
    home: {HOME}.SessionBroker

  - name: broker-internals
    kind: restricted-import
    reason: The implementation may change at any time.
    modules: [{OLD}, {LIVE}.audited_broker]
    allow_in: [{LIVE}]

  - name: second-list-of-events
    kind: duplicate-literal
    reason: A list written twice is changed once.
    home: {OLD}.EVENTS
    values: [session_opened, session_moved, parcel_scanned, parcel_lost, session_closed]

  - name: broker-old-name
    kind: shim
    reason: What moved forwards, and nothing else.
    modules: [{OLD}]
    home: {HOME}
    remove_after: 2030-12-31

  - name: broker-contract
    kind: contract
    reason: Every service calls these.
    home: {HOME}.SessionBroker
    members:
      connect: {{parameters: [session], async: true}}
      publish: {{parameters: [session, event], async: true}}

  - name: every-event
    kind: required-members
    reason: Each of them reaches the driver.
    home: {OLD}.EVENTS
    values: [session_opened, session_moved, parcel_scanned, parcel_lost, session_closed]
    mentioned_in: [{OLD}]

  - name: nothing-shared
    kind: shared-state
    reason: Sessions of one customer must not reach another.
    paths: [harbor_api/app/]

  - name: brokers-are-not-made-here
    kind: restricted-call
    reason: Two brokers lose events.
    calls: [{HOME}.SessionBroker]
    home: {HOME}.get_session_broker
    allow_in: [{LIVE}]

  - name: broker-tests-clean-up
    kind: required-base
    reason: A session left open fails the next test.
    paths: [tests/]
    classes: ["Test*Broker*"]
    bases: [{LIVE}.audited_broker.AuditedBroker]
"""

CORE = {
    "session_broker": (
        '"""The home of the session broker."""\n\n'
        "from .unified_broker import BrokerEvent, BrokerMode, get_session_broker\n"
        "from .unified_broker import UnifiedSessionBroker as SessionBroker\n\n"
        '__all__ = ["BrokerEvent", "BrokerMode", "SessionBroker", "get_session_broker"]\n'
    ),
    "unified_broker": (
        "class BrokerMode:\n    pass\n\n\nclass BrokerEvent:\n    pass\n\n\n"
        "EVENTS = (\n    'session_opened',\n    'session_moved',\n    'parcel_scanned',\n"
        "    'parcel_lost',\n    'session_closed',\n)\n\n\n"
        "class UnifiedSessionBroker:\n"
        "    async def connect(self, session):\n        pass\n\n"
        "    async def publish(self, session, event):\n        pass\n\n"
        "    async def broadcast(self, event):\n        pass\n\n"
        "    async def disconnect(self, session):\n        pass\n\n"
        "    def sessions(self):\n        return []\n\n\n"
        "def get_session_broker():\n    return UnifiedSessionBroker()\n"
    ),
    "stub_broker": (
        "class BrokerUnavailable:\n    def __init__(self):\n        raise NotImplementedError\n"
    ),
    "audited_broker": (
        "from .session_broker import SessionBroker\n\n\n"
        "class AuditedBroker(SessionBroker):\n    pass\n"
    ),
    "relay": (
        "from .session_broker import SessionBroker\n"
        "from .unified_broker import BrokerMode\n"
        "from . import unified_broker\n"
    ),
    "relay_factory": f"from {HOME} import get_session_broker\n\nmake = get_session_broker\n",
}
"""Modules of the package `LIVE`."""

_STUB = f"from {LIVE}.stub_broker import BrokerUnavailable"
_SHIMS = (
    *(f"{_STUB} as SessionBroker\n", f"{_STUB}\n\nSessionBroker = BrokerUnavailable\n") * 8,
    *(f"from {HOME} import SessionBroker\n",) * 5,
    f"from {LIVE}.audited_broker import AuditedBroker as SessionBroker\n",
    f"try:\n    from {LIVE}.lost_broker import SessionBroker\nexcept ImportError:\n    pass\n",
)


def shim(number: int) -> str:
    """A module that binds ``SessionBroker``; any 23 in a row have the reported four origins."""
    # Five has no divisor in common with 23, so that even a few shims differ.
    return _SHIMS[number * 5 % len(_SHIMS)]


def old_import(random: Random, number: int) -> tuple[str, bool]:
    """Code that imports an old path, and whether it stands in a function."""
    statement, bound, star = _statement(random)
    if random.random() < 0.25:
        missing = "".join(f"    {name} = None\n" for name in bound) or "    pass\n"
        statement = f"try:\n{indent(statement, '    ')}except ImportError:\n{missing}"
    if star or random.random() >= 0.43:
        return statement, False
    uses = "".join(f"    assert {name} is not None\n" for name in bound)
    return f"def test_broker_{number}():\n{indent(statement, '    ')}{uses}", True


def _statement(random: Random) -> tuple[str, list[str], bool]:
    """An import statement, the names that it binds, and whether it is a star."""
    path = random.choices((OLD, GONE), weights=(3, 1))[0]
    module = path.rpartition(".")[2]
    form = random.random()
    if form < 0.01:
        return f"import {path}\n", [], False
    if form < 0.013:
        return f"from {path} import *\n", [], True
    if form < 0.04:
        return f"from {LIVE} import {module}\n", [module], False
    size = random.choices((1, 2, 3), weights=(82, 12, 6))[0]
    names = random.sample(_NAMES[path], size)
    if form < 0.18:
        listed = "".join(f"    {name},\n" for name in names)
        return f"from {path} import (\n{listed})\n", names, False
    if form < 0.26:
        alias = f"Old{number}" if (number := random.randint(0, 9)) else "SessionBroker"
        rest = "".join(f", {name}" for name in names[1:])
        return f"from {path} import {names[0]} as {alias}{rest}\n", [alias, *names[1:]], False
    return f"from {path} import {', '.join(names)}\n", names, False


def mention(random: Random, number: int) -> str:
    """Code that names an old path without importing it: strings, code in strings, comments."""
    path = random.choices((OLD, GONE), weights=(3, 1))[0]
    name = random.choice(_NAMES[path])
    # Of 741 strings 115 were patch targets and 355 tables; 208 lines in strings were imports.
    forms = (
        f'def test_patched_{number}():\n    with patch("{path}.{name}") as broker:\n'
        "        assert broker\n",
        f'TARGETS_{number} = [\n    "{path}.{name}",\n    "{HOME}.SessionBroker",\n]\n',
        f'TEMPLATE_{number} = """\\\nfrom {path} import {name}\nbroker = {name}()\n"""\n',
        f'def explain_{number}():\n    """Replaces {path}, see there."""\n',
        f"# {path}.{name} was here; see the notes on the migration.\nDONE_{number} = True\n",
    )
    return random.choices(forms, weights=(16, 48, 20, 8, 8))[0]


def canonical(random: Random, number: int) -> str:
    """Code that uses the broker as everybody should."""
    if random.random() < 0.6:
        return (
            f"from {HOME} import SessionBroker\n\n\n"
            f"class TestSessionBrokerCase{number}:\n    def test(self):\n"
            "        assert SessionBroker()\n"
        )
    return f"from {HOME} import SessionBroker, get_session_broker\n"


STAND_IN = "class SessionBroker:\n    events = ()\n"
"""A second definition, in a test."""
