"""The desktop client talks to itself, through a manager of its own."""

from chat.events import Event
from chat.sessions.local import SessionManager


def preview(user: str, text: str) -> list[tuple[str, Event]]:
    sessions = SessionManager()
    sessions.send(user, Event("said", "preview", user, text))
    return sessions.outbox
