"""It was deleted in spring, and came back with a merge."""

from .registry import SessionRegistry


def create_sessions() -> SessionRegistry:
    return SessionRegistry()
