from unittest import TestCase

from chat.server import Server

try:
    from chat.sessions.manager import SessionManager
except ImportError:  # the client's tests run without the server

    class SessionManager:
        """Nothing to talk to."""


class ServerTest(TestCase):
    def test_what_was_said_is_kept(self) -> None:
        server = Server()
        server.join("ada", "lobby")
        server.say("ada", "lobby", "hello")
        self.assertEqual(server.transcript("lobby"), ["ada: hello"])

    def test_sessions_are_those_of_the_setting(self) -> None:
        server = Server({"sessions": "chat.sessions.manager.SessionManager"})
        self.assertIsInstance(server.sessions, SessionManager)

    def test_the_pool_is_gone(self) -> None:
        with self.assertRaises(ImportError):
            from chat.sessions.pool import SessionPool  # noqa: F401
