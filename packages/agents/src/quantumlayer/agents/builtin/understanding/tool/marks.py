"""Which parts of a prompt have been understood: what is left over is told, never dropped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quantumlayer.qlayer.requirements import Unclear

# Words that shape a sentence without asking for anything of their own.
_FILLER = frozenset(
    """
    a an the this that these those it its it's i me my we our you your they them their he she
    and or but then also plus so as at by for from in into of off on onto out over per to up with
    within without via using use uses used be is are was were been being am do does did done can
    could should shall will would may might must have has had having need needs needed want wants
    like please make makes made making create creates build builds write writes writing develop
    develops give gives given take takes taking get gets let lets help helps work works working
    able allow allows provide provides support supports tool tools utility utilities program
    programs script scripts app application applications command commands line lines cli terminal
    console shell python python3 stdlib standard library simple small little basic nice good clean
    fast quick easy handy useful robust well neat tiny lightweight minimal modern
    which who whose where when what how there here some any all each every both either other
    others another one ones only just even very really own same following
    read reads reading parse parses parsing load loads loading open opens process processes
    processing handle handles handling input inputs file files filename path name named called
    print prints printing printed show shows showing shown display displays displaying output
    outputs outputting report reports reporting return returns produce produces result results
    list lists emit emits tell tells say says write writes stdout stdin standard screen
    data dataset content contents information value values thing things item items
    user users run runs running run-time argument arguments option options parameter parameters
    flag flags default defaults
    format formats text plain form way kind type types
    new existing first second finally next after before afterwards based
    if not no yes etc e.g i.e ie eg such example examples instance
    ok okay thanks thank hi hello
    row rows record records column columns field fields entry entries header headers
    several multiple many different various certain specific more than also again
    csv tsv json jsonl ndjson command-line
    compute computes computing calculate calculates calculating determine determines analyse
    analyses analyze analyzes analyzer analyser summarize summarizes summarise summarises summary
    chosen specified wanted desired corresponding respective total overall per-se
    """.split()  # noqa: SIM905 - prose reads better than a list of strings
)
_WORD = re.compile(r"[A-Za-z0-9_@%$€£][\w.'@%$€£+-]*")
_SEPARATOR = re.compile(r"[.;:!?\n]+(?=\s|$)|,|\b(?:and|then|but|also|plus)\b", re.IGNORECASE)


@dataclass(slots=True)
class Marks:
    """A text, and for every character whether a rule has understood it."""

    text: str
    taken: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.taken = bytearray(len(self.text))

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches in the text, whether understood or not."""
        return pattern.finditer(self.text)

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """The matches that begin in text not yet understood; they are understood from now on."""
        found = []
        for match in pattern.finditer(self.text):
            if match.end() > match.start() and not self.taken[match.start()]:
                self.mark(match.start(), match.end())
                found.append(match)
        return found

    def take_first(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Like `take`, for the first match only."""
        for match in pattern.finditer(self.text):
            if match.end() > match.start() and not self.taken[match.start()]:
                self.mark(match.start(), match.end())
                return match
        return None

    def mark(self, start: int, end: int) -> None:
        """Note that a part is understood."""
        self.taken[start:end] = b"\x01" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing of a part is understood yet."""
        return not any(self.taken[start:end])

    def left_over(self, reason: str) -> tuple[Unclear, ...]:
        """The clauses with words that no rule understood, quoted."""
        found = []
        for start, end in self._clauses():
            unknown = [
                match
                for match in _WORD.finditer(self.text, start, end)
                if not self.taken[match.start()]
                and match.group().lower().strip(".'") not in _FILLER
            ]
            if unknown:
                quote = self.text[unknown[0].start() : unknown[-1].end()]
                found.append(Unclear(text=quote.strip(" ,.;:")[:2000], reason=reason))
        return tuple(found[:50])

    def mark_words(self, pattern: str) -> None:
        """Note that every word of a pattern is understood."""
        for match in re.finditer(rf"\b(?:{pattern})\b", self.text, re.IGNORECASE):
            self.mark(match.start(), match.end())

    def opens(self, match: re.Match[str]) -> bool:
        """Whether both ends of a match are not yet understood; its middle may be."""
        return not (self.taken[match.start()] or self.taken[match.end() - 1])

    def _clauses(self) -> Iterator[tuple[int, int]]:
        start = 0
        for match in _SEPARATOR.finditer(self.text):
            yield start, match.start()
            start = match.end()
        yield start, len(self.text)
