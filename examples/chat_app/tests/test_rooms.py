from unittest import TestCase
from unittest.mock import patch

from chat import presence
from chat.rooms import Room
from tests.doubles import FakeSessionManager


class RoomTest(TestCase):
    def test_everybody_hears_who_joined(self) -> None:
        sessions = FakeSessionManager()
        room = Room("lobby", sessions)
        room.join("ada")
        room.join("grace")
        self.assertEqual([user for user, _ in sessions.sent], ["ada", "ada", "grace"])

    @patch("chat.sessions.registry.get_registry", return_value=FakeSessionManager())
    def test_nobody_is_online(self, _: object) -> None:
        self.assertEqual(presence.online(), ())

    def test_somebody_is_online(self) -> None:
        with patch("chat.sessions.registry.SessionRegistry.connected", return_value=("ada",)):
            self.assertEqual(presence.online(), ("ada",))
