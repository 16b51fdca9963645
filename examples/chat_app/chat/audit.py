"""Which events are kept for the auditors."""

EVENT_NAMES = ("joined", "said", "left")


def is_kept(name: str) -> bool:
    return name in EVENT_NAMES
