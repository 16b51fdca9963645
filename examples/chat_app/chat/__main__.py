"""A conversation of two, to see that everything is wired: ``python -m chat``."""

from chat.server import Server


def main() -> None:
    server = Server()
    server.join("ada", "lobby")
    server.join("grace", "lobby")
    server.say("ada", "lobby", "Which manager is the real one?")
    server.say("grace", "lobby", "chat.sessions.manager, since Tuesday.")
    for line in server.transcript("lobby"):
        print(line)


if __name__ == "__main__":
    main()
