"""Paths to facts: read once, by as many processes as help, and kept packed.

Reading has two steps. A file is *sifted*: its bytes are hashed and searched for the words of the
rules. If it holds some, its content is *parsed*, once for all files that share it, now or in an
earlier run. Both are functions of bytes (`work`), so it does not matter which process runs them;
`Reader` knows what has been found out, and asks for the rest.
"""

from ssot_lint.processes import cores
from ssot_lint.reading.disk import UnreadableError, read_bytes
from ssot_lint.reading.reader import Gain, Reader

__all__ = ["Gain", "Reader", "UnreadableError", "cores", "read_bytes"]
