class ChatError(Exception):
    """Something the client can be told."""


class NotConnectedError(ChatError):
    def __init__(self, user: str) -> None:
        super().__init__(f"{user} is not connected")
