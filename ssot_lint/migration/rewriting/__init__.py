"""From the changes that rules demand of a file to edits on its bytes; everything else stays."""

from ssot_lint.migration.rewriting.rewrite import rewrite

__all__ = ["rewrite"]
