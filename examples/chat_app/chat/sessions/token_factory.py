"""Makes tokens, not sessions: the rule on factories allows this module by name."""

from secrets import token_urlsafe


def new_token() -> str:
    return token_urlsafe(16)
