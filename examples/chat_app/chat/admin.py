"""What the person on call may do."""

import chat.sessions.registry as registry


def kick(user: str) -> None:
    registry.get_registry().disconnect(user)


def reset() -> registry.SessionRegistry:
    registry.get_registry.cache_clear()
    return registry.get_registry()
