"""What no checker of files can do without: walk, and stat or read every Python file.

``python -I -S floor.py stat|read FOLDER``, without imports that a checker could save.
"""

import os
import sys


def walk(folder: str, read: bool) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path, read)
            elif entry.name.endswith(".py"):
                if read:
                    with open(entry.path, "rb", buffering=0) as file:
                        file.read()
                else:
                    entry.stat()


walk(sys.argv[2], read=sys.argv[1] == "read")
