"""Who is online. The import is in the function because it once closed a cycle."""


def online() -> tuple[str, ...]:
    from chat.sessions.registry import get_registry

    return get_registry().connected()


def is_online(user: str) -> bool:
    from chat.sessions import get_registry as sessions

    return user in sessions().connected()
