"""What was read before, so that equal contents are not parsed again.

Facts are kept by content hash, and for each set of words what a search found in them. Damage of
any kind is a miss, never an error and never a wrong answer; nothing that a cache file holds is
executed.
"""

from ssot_lint.cache.cache import Cache
from ssot_lint.cache.folder import DEFAULT_FOLDER, CacheFile, Info, cache_file, clear, info
from ssot_lint.cache.identity import content_hash, reader_version

__all__ = [
    "DEFAULT_FOLDER",
    "Cache",
    "CacheFile",
    "Info",
    "cache_file",
    "clear",
    "content_hash",
    "info",
    "reader_version",
]
