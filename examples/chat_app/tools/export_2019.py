# Python 2: runs on the archive machine, and nowhere else.
from chat.sessions.registry import get_registry

for user in get_registry().connected():
    print user
