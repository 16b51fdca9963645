"""What a home promises its callers: members, the parameters they take, and who is awaited.

A contract is a mapping of member names to requirements; it stands in ``rules.yaml``, or in a
snapshot, a YAML file of its own that `snapshot` makes, `render` writes and `read_snapshot` reads.
"""

from ssot_lint.contracts.breaches import breaches
from ssot_lint.contracts.calls import called_name, callee
from ssot_lint.contracts.functions import is_coroutine, is_plain
from ssot_lint.contracts.home import Home, Provider, has_member, homes, providers
from ssot_lint.contracts.requirements import MEMBERS, Requirement
from ssot_lint.contracts.snapshots import read_snapshot, render, snapshot

__all__ = [
    "MEMBERS",
    "Home",
    "Provider",
    "Requirement",
    "breaches",
    "called_name",
    "callee",
    "has_member",
    "homes",
    "is_coroutine",
    "is_plain",
    "providers",
    "read_snapshot",
    "render",
    "snapshot",
]
