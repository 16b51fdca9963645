"""Finds the part that a setting names."""

from importlib import import_module
from typing import Any

DEFAULTS = {
    "history": "chat.history.History",
    "sessions": "chat.sessions.registry.SessionRegistry",
}


def load(part: str, settings: dict[str, str]) -> Any:
    module, _, name = settings.get(part, DEFAULTS[part]).rpartition(".")
    return getattr(import_module(module), name)
