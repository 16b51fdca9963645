"""The home of sessions: who is connected, and how they are reached."""

from collections.abc import Callable
from enum import Enum
from functools import lru_cache

from chat.errors import NotConnectedError
from chat.events import Event

Send = Callable[[Event], None]


class SessionMode(Enum):
    LIVE = "live"
    REPLAY = "replay"


class SessionManager:
    """Every open session, by user."""

    def __init__(self, mode: SessionMode = SessionMode.LIVE) -> None:
        self.mode = mode
        self._sessions: dict[str, Send] = {}

    def connect(self, user: str, send: Send) -> None:
        self._sessions[user] = send

    def disconnect(self, user: str) -> None:
        self._sessions.pop(user, None)

    def connected(self) -> tuple[str, ...]:
        return tuple(sorted(self._sessions))

    def send(self, user: str, event: Event) -> None:
        if user not in self._sessions:
            raise NotConnectedError(user)
        self._sessions[user](event)


@lru_cache(maxsize=1)
def get_session_manager() -> SessionManager:
    """The manager of this process."""
    return SessionManager()
