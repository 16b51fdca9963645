"""Which texts are worth parsing: those that may hold the words of some rule.

Most files cannot break a rule, and their bytes say so sooner than a parser does. What is passed
over, parsing would have found nothing in; where bytes cannot decide, the file is parsed. What can
hide a word from a search of bytes:

- identifiers that are equal only after NFKC normalisation (PEP 3131), and encodings other than
  those that spell ASCII in ASCII (PEP 263): `encodings`;
- relative imports inside a package that is itself a target, and star imports;
- in string literals: escapes, a backslash at the end of a line, implicit concatenation: `literals`.

A word that stands, but not where the rule would mind it (in an import, in the header of a class),
is told from one that does by `places`.
"""

from ssot_lint.prefilter.encodings import hides_ascii
from ssot_lint.prefilter.outline import VAGUE, Outline, Outliner
from ssot_lint.prefilter.prefilter import Prefilter
from ssot_lint.prefilter.sieve import (
    EXPRESSIONS,
    NOTHING,
    STATEMENTS,
    WHOLE,
    Sieve,
    Want,
)

__all__ = [
    "EXPRESSIONS",
    "NOTHING",
    "STATEMENTS",
    "VAGUE",
    "WHOLE",
    "Outline",
    "Outliner",
    "Prefilter",
    "Sieve",
    "Want",
    "hides_ascii",
]
