from unittest import TestCase
from unittest.mock import Mock, patch

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

    @patch("chat.sessions.registry.get_registry")
    def test_grace_is_online(self, registry: Mock) -> None:
        registry.return_value.connected.return_value = ("grace",)
        self.assertEqual(presence.online(), ("grace",))

    def test_somebody_is_online(self) -> None:
        with patch("chat.sessions.registry.SessionRegistry.connected", return_value=("ada",)):
            self.assertEqual(presence.online(), ("ada",))
