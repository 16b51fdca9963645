"""What was read before, so that equal contents are not parsed again.

Facts are kept by content hash, and for each set of words what a search found in them. Damage of
any kind is a miss, never an error and never a wrong answer; nothing that a cache file holds is
executed.
"""

from ssot_lint.cache.cache import GRAIN, Cache, Known
from ssot_lint.cache.folder import (
    DEFAULT_FOLDER,
    VARIABLE,
    CacheFile,
    Info,
    cache_file,
    clear,
    folder_of,
    info,
)
from ssot_lint.cache.identity import content_hash, program_version, reader_version

__all__ = [
    "DEFAULT_FOLDER",
    "GRAIN",
    "VARIABLE",
    "Cache",
    "CacheFile",
    "Info",
    "Known",
    "cache_file",
    "clear",
    "content_hash",
    "folder_of",
    "info",
    "program_version",
    "reader_version",
]
