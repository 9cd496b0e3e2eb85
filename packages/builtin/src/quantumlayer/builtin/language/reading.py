"""The two passes: what there is (declarations), then what must hold (rules that speak of it)."""

from dataclasses import dataclass, field

from quantumlayer.builtin.language.actions import ACTIONS
from quantumlayer.builtin.language.notations import Statement
from quantumlayer.builtin.language.parsing import NoReading, further, grammar
from quantumlayer.builtin.language.said import Life, Relation, Said, Thing, Title
from quantumlayer.builtin.language.tokens import Raw, lexemes
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words

_AFTER_NAME = frozenset(":-\u2013\u2014(")


@dataclass(eq=False)
class Read:
    """A statement with what it was understood to say; `said` is empty for rules, yet to be read."""

    statement: Statement
    said: Said = ()
    readings: tuple[Said, ...] = ()
    trouble: NoReading | None = field(default=None)
    missing: Words = ()
    named: Said = ()

    @property
    def things(self) -> list[Thing]:
        """The kinds of records that the statement speaks of."""
        return [thing for part in self.said for thing in things_of(part)]

    def drop(self, missing: Words) -> None:
        """Leaves the statement for a refusal."""
        self.said, self.missing = (), missing


def declarations(found: list[Statement]) -> list[Read]:
    """Every statement with the one meaning that it has as a declaration, or none."""
    done: list[Read] = []
    for each in found:
        done += _with_items(each) if each.items else _one(each)
    return done


def _with_items(head: Statement) -> list[Read]:
    alone = [read for item in head.items for read in _one(item)]
    plain = Statement(head.raws, head.start, head.end)
    if not all(_tells(read) for read in alone) and not _speaks(head):
        combined = _declaration(head.combined())
        if combined.said:
            return [combined]
    title = [] if plain.raws[-1].text == ":" and len(plain.raws) == 1 else _one(_bare(plain))
    return [*title, *alone]


def _speaks(head: Statement) -> bool:
    """Whether bullets are sentences or wishes, and no fields of what their heading names."""
    named = _bare(head).raws[-1]
    if "SENTENCES" in VOCABULARY.kinds(named.atoms):
        return True
    told = (
        item.raws for item in head.items if not any(raw.text in _AFTER_NAME for raw in item.raws)
    )
    kinds = (VOCABULARY.kinds(raw.atoms) for raws in told for raw in raws)
    return any({"MUST", "CANNOT"} & each for each in kinds)


def _tells(read: Read) -> bool:
    """Whether a statement says more than what the application may be called."""
    return any(not isinstance(part, Title) for part in read.said)


def _bare(head: Statement) -> Statement:
    raws = (
        tuple(raw for raw in head.raws if raw.text != ":")
        if head.raws[-1].text == ":"
        else head.raws
    )
    return Statement(raws, head.start, head.end)


def _one(said: Statement) -> list[Read]:
    whole = _declaration(said)
    if whole.said or whole.readings:
        return [whole]
    for cut in _commas(said.raws, whole.trouble):
        first = _declaration(_part(said.raws[:cut]))
        if _tells(first):
            rest = _one(_part(said.raws[cut + 1 :]))
            for each in rest:
                each.trouble = each.trouble and further(whole.trouble, each.trouble)
            return [first, *rest]
    return [whole]


def _part(raws: tuple[Raw, ...]) -> Statement:
    return Statement(raws, raws[0].start, raws[-1].end)


def _commas(raws: tuple[Raw, ...], trouble: NoReading | None) -> list[int]:
    """The commas between statements, last first; what follows where the reading ended is none."""
    depth, found = 0, []
    for at, raw in enumerate(raws):
        depth += (raw.text in "([{") - (raw.text in ")]}")
        if trouble is not None and raw.start > trouble.place:
            break
        if raw.text == "," and depth == 0 and 0 < at < len(raws) - 1:
            found.append(at)
    return found[::-1]


def _declaration(said: Statement) -> Read:
    spoken = lexemes(list(said.raws), None)
    if not spoken:
        return Read(said, ("nothing",))
    try:
        found = grammar().meanings(spoken, "declaration", ACTIONS)
    except NoReading as trouble:
        return Read(said, trouble=trouble)
    readings: tuple[Said, ...] = found
    best = _fewest(readings)
    named = next((each for each in readings if _names_only(each)), ())
    return Read(said, best[0] if len(best) == 1 else (), best, named=named)


def _fewest(readings: tuple[Said, ...]) -> tuple[Said, ...]:
    """The readings that take the statement for the fewest things: a list of choices stays one."""
    if len(readings) < 2:
        return readings
    sizes = {said: _size(said) for said in readings}
    least = min(sizes.values())
    return tuple(said for said in readings if sizes[said] == least)


def _size(said: Said) -> tuple[int, int]:
    things = sum(1 + len(getattr(part, "fields", ())) for part in said)
    named = [part for part in said if isinstance(part, Thing)]
    named += [
        each for part in said if isinstance(part, Relation) for each in (part.one, part.other)
    ]
    words = sum(len(thing.words) for thing in named)
    words += sum(
        len(each.words) for part in (*said, *named) for each in getattr(part, "fields", ())
    )
    words += sum(len(part.words) for part in said if isinstance(part, Life))
    words += sum(len(link.words) for thing in named for link in thing.links)
    lives = any(isinstance(part, Life) for part in said)
    return (99 if _names_only(said) else 0 if lives else things), words


def _names_only(said: Said) -> bool:
    return all(isinstance(part, Title) for part in said)


def things_of(part: object) -> tuple[Thing, ...]:
    """The kinds of records that a part of a statement speaks of."""
    if isinstance(part, Relation):
        return part.one, part.other
    return (part,) if isinstance(part, Thing) else ()
