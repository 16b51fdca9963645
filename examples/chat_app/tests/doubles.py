"""Stand-ins for tests; their names say what they are."""

from chat.events import Event
from chat.sessions.manager import SessionManager


class FakeSessionManager(SessionManager):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, Event]] = []

    def send(self, user: str, event: Event) -> None:
        self.sent.append((user, event))
