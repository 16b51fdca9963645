"""Messages for those who are away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat.sessions.registry import (
        SessionRegistry,
    )


def away(sessions: SessionRegistry, members: set[str]) -> set[str]:
    return members - set(sessions.connected())
