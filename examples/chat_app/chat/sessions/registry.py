"""The old home, kept until nobody imports it."""

from chat.sessions.manager import SessionManager, get_session_manager

SessionRegistry = SessionManager
get_registry = get_session_manager
