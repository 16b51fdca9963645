"""Plausible Python that has nothing to do with the question: what most of a file consists of.

Blocks of top-level code are made once and shared by thousands of files, because composing half a
gigabyte statement by statement would take minutes. No tool under test looks at less than a whole
file, so sharing blocks between files that differ favours none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from textwrap import indent

_VOCABULARY = """
account address alert archive balance batch berth booking buffer cargo carrier channel charge client
config consignment container contract counter credit crew customer customs deadline delivery deposit
dispatch document driver event export ferry filter fleet forecast freight gateway handler hold index
invoice item job journal key lane ledger limit line load log manifest margin market message metric
notice offer order owner packet page pallet partner payload payment period permit pilot plan policy
port price profile quay queue quota quote rate record refund region report request reserve response
result route rule sample schedule seal segment shipment signal slot snapshot source stage status
stock storage stream summary supplier target tariff task tenant terminal ticket token total trailer
transfer transit truck user vendor vessel voucher voyage warehouse weight window worker zone

accept add allocate apply approve assign book build cancel check clear close collect compare confirm
convert create dispatch drop encode estimate expire export fetch filter find flush group handle hold
inspect issue join list load lock mark match merge move notify open parse pay plan post pull
push queue quote rank read rebuild refresh register release reload remove renew replay report reset
resolve restore retry review route save schedule send settle share sign sort split start stop
store submit sync track transfer update validate verify void weigh wrap write

the a each every only when unless after before until which because so that it they must may can not
still again later first last same other whole empty missing stale late early slow fast known unknown
"""
_NOUNS, _VERBS, _PROSE = map(str.split, _VOCABULARY.split("\n\n"))
_ENDINGS = ["id", "name", "code", "total", "state", "count", "limit", "date", "owner", "error"]
_EMOJI = ["\N{WHITE HEAVY CHECK MARK}", "\N{CROSS MARK}", "\N{ROCKET}", "\N{FIRE}", "\N{PACKAGE}"]

# In a template, ``<noun>`` and its like stand for something new each time, ``<body>`` for a few
# statements, ``<more>`` for a few lines of prose, and ``<method>`` for one to three methods.
_SIMPLE = """\
<name> = <noun>.<verb>_<noun>(<name>, <number>)

<name> = <noun>.<verb>_<noun>(<name>, <number>)

# <prose>.
<name> = <noun>.<verb>_<noun>(<noun>=<name>)

# <prose>.
<name> += <number>

<noun>.<verb>(
    <noun>_id="<words>",
    <noun>_total=<number>,
    <noun>_names=[<name> for <name> in <noun>.<noun>s],
)

<noun> = {
    "<name>": "<words>",
    "<name>": "<words>",
    "<name>": <number>,
    "<name>": <name>,
}

assert <noun>["<name>"] == <number>, "<prose>"

assert <noun>.<name> is not None

logger.info(f"<words> {<name>}: {<noun>.<noun>}")
"""
_COMPOUND = """\
if <name> > <number> and <noun>.<noun> != "<noun>":
    <body>
else:
    <body>

for <noun>, <name> in <noun>.items():
    <body>

try:
    <body>
except (ValueError, KeyError) as error:
    raise <Noun>Error("<prose>") from error

with patch("carrier_tools.<noun>.<verb>_<noun>") as <noun>:
    <body>
"""
_TESTS = '''\
def test_<verb>_<noun>_<serial>(<noun>, <name>):
    """<prose>."""
    <body>
    <body>

class Test<Noun><Verb><serial>:
    """<prose>.

    <more>
    """

    <test method>
'''
_PRODUCTION = '''\
def <verb>_<noun>_<serial>(<noun>: str, *, <name>: int = 0) -> int:
    """<prose>.

    <more>
    """
    <body>
    <body>
    return <name>

class <Noun><Verb><serial>(Base<Noun>):
    """<prose>."""

    def __init__(self, <noun>: str) -> None:
        self.<name> = <noun>
        self.<name> = <number>

    <method>
'''
_TEST_METHOD = '''\
def test_<verb>_<noun>_<serial>(self, <name>):
    """<prose>."""
    <body>
    <body>
'''
_METHOD = '''\
async def <verb>_<noun>(self, <name>: str) -> None:
    """<prose>."""
    <body>
    <body>
'''
_STORE = '''\
class <Noun>{word}<serial>:
    """<prose>."""

    <method>
'''
_SHOUT = """\
def report_<noun>_<serial>(<noun>):
    print("<emoji> <words>")
    <body>
    # <emoji> <prose>.
"""


@dataclass(frozen=True, slots=True)
class Filler:
    """Blocks of top-level code that end in a newline, by what they are like."""

    tests: tuple[str, ...]
    production: tuple[str, ...]
    sessions: tuple[str, ...]
    """Code that says ``Session``, a word of the concept that means many other things as well."""
    brokers: tuple[str, ...]
    """Code that says ``Broker``."""
    emoji: tuple[str, ...]


def make_filler(random: Random) -> Filler:
    """A thousand blocks of about 900 bytes."""
    writer = _Writer(random)
    return Filler(
        tests=writer.blocks(_TESTS, 600),
        production=writer.blocks(_PRODUCTION, 300),
        sessions=writer.blocks(_STORE.format(word="Session"), 30),
        brokers=writer.blocks(_STORE.format(word="MessageBroker"), 30),
        emoji=writer.blocks(_SHOUT, 40),
    )


def title(words: str) -> str:
    """``some_words`` as a class is called."""
    return words.title().replace("_", "")


class _Writer:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._serial = 0
        self._simple = _SIMPLE.split("\n\n")
        self._any = [*self._simple, *_COMPOUND.split("\n\n")]
        self._lines: dict[str, Callable[[int], str]] = {
            "<body>": self._body,
            "<more>": lambda _: "".join(f"{self._words(7, 13)}\n" for _ in range(3)),
            "<method>": lambda depth: self._methods(_METHOD, depth),
            "<test method>": lambda depth: self._methods(_TEST_METHOD, depth),
        }
        self._places: dict[str, Callable[[], str]] = {
            "<noun>": lambda: random.choice(_NOUNS),
            "<Noun>": lambda: title(random.choice(_NOUNS)),
            "<verb>": lambda: random.choice(_VERBS),
            "<Verb>": lambda: title(random.choice(_VERBS)),
            "<name>": lambda: f"{random.choice(_NOUNS)}_{random.choice(_ENDINGS)}",
            "<number>": lambda: str(random.randint(0, 5000)),
            "<serial>": self._next,
            "<words>": lambda: self._words(1, 4),
            "<prose>": lambda: self._words(5, 11).capitalize(),
            "<emoji>": lambda: random.choice(_EMOJI),
        }

    def blocks(self, templates: str, count: int) -> tuple[str, ...]:
        """Texts after templates that are parted by a line that begins a definition."""
        choices = re.split(r"\n(?=def |class )", templates)
        return tuple(self._text(self._random.choice(choices), 0) for _ in range(count))

    def _text(self, template: str, depth: int) -> str:
        lines = []
        for line in template.splitlines():
            bare = line.lstrip()
            if bare in self._lines:
                margin = line[: len(line) - len(bare)]
                lines.append(indent(self._lines[bare](depth), margin))
            else:
                lines.append(
                    re.sub("<[A-Za-z]+>", lambda found: self._places[found[0]](), line) + "\n"
                )
        return "".join(lines)

    def _body(self, depth: int) -> str:
        choices = self._simple if depth == 2 else self._any
        chosen = self._random.choices(choices, k=self._random.randint(2, 4))
        return "".join(self._text(template, depth + 1) for template in chosen)

    def _methods(self, template: str, depth: int) -> str:
        return "\n".join(self._text(template, depth) for _ in range(self._random.randint(1, 3)))

    def _next(self) -> str:
        self._serial += 1
        return str(self._serial)

    def _words(self, least: int, most: int) -> str:
        words = (*_NOUNS, *_VERBS, *_PROSE)
        return " ".join(self._random.choices(words, k=self._random.randint(least, most)))
