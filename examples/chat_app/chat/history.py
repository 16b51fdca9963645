"""What was said, per room, in memory."""

from collections import defaultdict

from chat.events import Event


class History:
    def __init__(self) -> None:
        self._events: dict[str, list[Event]] = defaultdict(list)

    def add(self, event: Event) -> None:
        self._events[event.room].append(event)

    def of(self, room: str) -> list[Event]:
        return list(self._events[room])
