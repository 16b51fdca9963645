"""Where clients come in. It has been moved to the home already."""

from chat.events import Event
from chat.sessions.manager import SessionManager, get_session_manager
from chat.sessions.token_factory import new_token  # ssot: allow session-factory-module (tokens)


class Gateway:
    def __init__(self, sessions: SessionManager | None = None) -> None:
        self.sessions = sessions or get_session_manager()
        self.tokens: dict[str, str] = {}

    def open(self, user: str, inbox: list[Event]) -> str:
        self.sessions.connect(user, inbox.append)
        self.tokens[user] = new_token()
        return self.tokens[user]
