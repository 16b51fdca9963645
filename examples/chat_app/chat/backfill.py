"""Reads dumps of the old release, in which sessions were pickled under their old name."""

import pickle
from typing import IO

from chat.sessions.registry import SessionRegistry  # ssot: allow old-session-path (old dumps)


def load(dump: IO[bytes]) -> SessionRegistry:
    sessions = pickle.load(dump)
    if not isinstance(sessions, SessionRegistry):
        raise TypeError("not a dump of sessions")
    return sessions
