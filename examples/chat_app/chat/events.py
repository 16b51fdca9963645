"""What may happen in a room; clients switch on these names."""

from dataclasses import dataclass

EVENT_NAMES = ("joined", "said", "typing", "left")


@dataclass(frozen=True)
class Event:
    name: str
    room: str
    user: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.name not in EVENT_NAMES:
            raise ValueError(f"no such event: {self.name}")
