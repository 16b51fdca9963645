"""Rooms, and who is in them."""

from .events import Event
from .sessions.registry import SessionRegistry


class Room:
    def __init__(self, name: str, sessions: SessionRegistry) -> None:
        self.name = name
        self.members: set[str] = set()
        self._sessions = sessions

    def join(self, user: str) -> None:
        self.members.add(user)
        self.tell(Event("joined", self.name, user))

    def tell(self, event: Event) -> None:
        for member in sorted(self.members):
            self._sessions.send(member, event)
