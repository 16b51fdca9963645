"""Figures for the dashboard."""

import chat.sessions


def figures() -> dict[str, int]:
    sessions = chat.sessions.registry.get_registry()
    return {"connected": len(sessions.connected())}
