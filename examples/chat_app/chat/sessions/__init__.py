"""Who is connected. Import from ``chat.sessions.manager``; the names here are the old ones."""

from chat.sessions.registry import SessionRegistry, get_registry

__all__ = ["SessionRegistry", "get_registry"]
