"""A description while it is read: which characters a rule has understood, and what is left."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quantumlayer.qlayer.requirements import Unclear

# Words that shape a sentence without asking for anything of their own.
_FILLER = frozenset(
    """
    a an the this that these those it its it's i i'd me my we our you your they them their he she
    and or but then also plus so as at by for from in into of off on onto out over per to up with
    within without via using use uses used be is are was were being been am do does did done can
    could should shall will would may might must have has had having need needs needed want wants
    like please make makes made making create creates build builds write writes writing develop
    give gives given giving take takes taking get gets getting let lets help helps helping helper
    helpers work works working able allow allows allowing provide provides providing offer offers
    offering support supports supporting supported contain contains containing include includes
    including implement implements implementing implementation implementations library libraries
    lib libs package packages module modules function functions method methods class classes
    object objects code api apis interface utility utilities util utils tool tools toolkit kit
    collection set sets suite routine routines operation operations feature features
    python python3 stdlib standard simple small little basic nice good clean fast quick easy handy
    useful robust well neat tiny lightweight minimal modern pure typed type types tested reusable
    generic general common popular usual various different several many multiple some any all each
    every both either other others another one ones own same following such example examples
    instance e.g i.e ie eg etc which who whose where when what how there here only just even very
    really if not no yes
    return returns returning returned result results value values string strings text texts number
    numbers input inputs output outputs list lists sequence sequences item items element elements
    argument arguments parameter parameters thing things data given
    work handle handles handling compute computes computing calculate calculates calculating
    calculation calculations find finds finding check checks checking checker validate validates
    validating validation validator validators valid verify verifies verifying test tests whether
    convert converts converting conversion conversions converter transform transforms format formats
    formatting formatter parse parses parsing parser generate generates generating generator
    perform performs performing manage manages managing represent represents representing
    determine determines turn turns detect detects
    structure structures algorithm algorithms type-safe type-hinted hints annotations docstrings
    docs documentation documented unit tests developer developers programmer programmers project
    projects application applications app apps user users people person my
    new first second finally next after before also again more than between through across based
    named called call calls name names
    ok okay thanks thank hi hello about around kind way ways stuff
    day-to-day everyday daily
    proper properly correctly correct right handling error errors exception exceptions raise raises
    raising clear message messages invalid bad wrong
    full complete fully completely lets time operations
    """.split()  # noqa: SIM905 - prose reads better than a list of strings
)
_WORD = re.compile(r"[A-Za-z0-9_@%$€£][\w.'@%$€£+-]*")
_SEPARATOR = re.compile(r"[.;:!?\n]+(?=\s|$)|,|\b(?:and|then|but|also|plus)\b", re.IGNORECASE)
_MOST = 50


@dataclass(slots=True)
class Reading:
    """A text, and for every character whether a rule has understood it."""

    text: str
    taken: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.taken = bytearray(len(self.text))

    def free(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches that touch nothing understood so far; the caller may take them."""
        for match in pattern.finditer(self.text):
            if match.end() > match.start() and not any(self.taken[match.start() : match.end()]):
                yield match

    def take(self, match: re.Match[str]) -> re.Match[str]:
        """Note that a match is understood."""
        self.mark(match.start(), match.end())
        return match

    def mark(self, start: int, end: int) -> None:
        """Note that a part is understood."""
        self.taken[start:end] = b"\x01" * (end - start)

    def sentence(self, position: int) -> str:
        """The sentence around a position, for a requirement's source."""
        start = max(self.text.rfind(mark, 0, position) for mark in ("\n", ". ", "; ")) + 1
        ends = [self.text.find(mark, position) for mark in ("\n", ". ", "; ")]
        end = min((each for each in ends if each >= 0), default=len(self.text))
        return " ".join(self.text[start:end].split())[:500]

    def left_over(self, reason: str) -> tuple[Unclear, ...]:
        """The clauses with words that no rule understood, quoted."""
        found = []
        for start, end in self._clauses():
            unknown = [
                match
                for match in _WORD.finditer(self.text, start, end)
                if not self.taken[match.start()]
                and match.group().lower().strip(".'-") not in _FILLER
            ]
            if unknown:
                first = self._phrase_start(unknown[0].start(), start)
                quote = self.text[first : unknown[-1].end()]
                found.append(Unclear(text=" ".join(quote.split())[:2000], reason=reason))
        if len(found) > _MOST:
            rest = len(found) - _MOST
            found = [*found[:_MOST], Unclear(text=f"{rest} further parts", reason=reason)]
        return tuple(found)

    def _phrase_start(self, position: int, floor: int) -> int:
        """Where the words before a position that no rule took begin, for a quote with context."""
        while position > floor and not self.taken[position - 1]:
            position -= 1
        return position

    def _clauses(self) -> Iterator[tuple[int, int]]:
        start = 0
        for match in _SEPARATOR.finditer(self.text):
            yield start, match.start()
            start = match.end()
        yield start, len(self.text)
