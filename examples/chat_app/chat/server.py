"""Everything together."""

from chat.audit import is_kept
from chat.events import Event
from chat.gateway import Gateway
from chat.plugins.loader import load
from chat.rooms import Room


class Server:
    def __init__(self, settings: dict[str, str] | None = None) -> None:
        settings = settings or {}
        self.sessions = load("sessions", settings)()
        self.history = load("history", settings)()
        self.gateway = Gateway(self.sessions)
        self.rooms: dict[str, Room] = {}
        self.inboxes: dict[str, list[Event]] = {}

    def join(self, user: str, room: str) -> None:
        self.gateway.open(user, self.inboxes.setdefault(user, []))
        self.rooms.setdefault(room, Room(room, self.sessions)).join(user)

    def say(self, user: str, room: str, text: str) -> None:
        event = Event("said", room, user, text)
        self.rooms[room].tell(event)
        if is_kept(event.name):
            self.history.add(event)

    def transcript(self, room: str) -> list[str]:
        return [f"{event.user}: {event.text}" for event in self.history.of(room)]
