"""Sessions of the desktop client, copied from the server two years ago and changed since."""

from chat.events import Event


class SessionManager:
    def __init__(self) -> None:
        self.outbox: list[tuple[str, Event]] = []

    def send(self, user: str, event: Event) -> None:
        self.outbox.append((user, event))
