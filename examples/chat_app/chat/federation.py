"""Rooms shared with other servers, where the pool of connections is installed."""

try:
    from chat.sessions.pool import SessionPool
except ImportError:
    SessionPool = None


def can_federate() -> bool:
    return SessionPool is not None
