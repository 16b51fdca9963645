"""Plays a room back to one user."""

from chat.history import History
from chat.sessions import manager


class _ReplaySessions(manager.SessionManager):
    def __init__(self) -> None:
        super().__init__(manager.SessionMode.REPLAY)


SessionManager = _ReplaySessions


def replay(history: History, room: str, user: str, send: manager.Send) -> None:
    sessions = SessionManager()
    sessions.connect(user, send)
    for event in history.of(room):
        sessions.send(user, event)
