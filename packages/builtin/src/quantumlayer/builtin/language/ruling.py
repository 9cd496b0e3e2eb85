"""The second pass: each remaining statement as a rule over what was declared."""

from decimal import Decimal
from itertools import permutations
from typing import Any

from quantumlayer.builtin.domain import (
    Aggregation,
    CountLimit,
    NoOverlap,
    Rule,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.language.actions import ACTIONS
from quantumlayer.builtin.language.comparing import Comparing
from quantumlayer.builtin.language.constants import constants
from quantumlayer.builtin.language.counting import Counting
from quantumlayer.builtin.language.draft import Draft, EntityDraft
from quantumlayer.builtin.language.figuring import Figuring
from quantumlayer.builtin.language.lexicon import lexicon
from quantumlayer.builtin.language.living import Living, steps_of
from quantumlayer.builtin.language.notations import Statement
from quantumlayer.builtin.language.nouns import Nouns, key_of
from quantumlayer.builtin.language.parsing import NoReading, NoSense, grammar
from quantumlayer.builtin.language.spoken import Add, Bound, Key, NoWay, Outcomes, Records, named
from quantumlayer.builtin.language.tokens import Lexeme, Names, Raw, lexemes

_LIMITS = frozenset(("AT_MOST", "MAX", "ONLY", "LESS_THAN", "MORE_THAN", "NUMBER"))

_MODALS = frozenset(("MUST", "CANNOT", "CAN"))
_PREDICATES = frozenset(("BE", "UNIQUE", "REQUIRED"))
_ALLOWING = frozenset(("CAN", "CANNOT", "NEITHER"))


class Ruling:
    """Reads rules against a draft, and remembers the last for the next."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.names: Names = lexicon(draft)
        nouns = Nouns(draft)
        self._counting = Counting(draft, nouns)
        meanings = (
            nouns,
            self._counting,
            Comparing(draft),
            Living(draft, nouns),
            Figuring(draft),
            self,
        )
        self._actions = {
            **ACTIONS,
            **constants(),
            **{
                name: getattr(meaning, name)
                for meaning in meanings
                for name in dir(meaning)
                if not name.startswith("_") and callable(getattr(meaning, name))
            },
        }
        self._nouns = nouns
        self.rules: list[tuple[int, object]] = []
        self._last: list[int] = []
        self._of_holder = False

    def read(self, said: Statement, at: int) -> NoReading | tuple[Outcomes, ...] | None:
        """Takes up a rule; else what stood in the way, or the several readings."""
        trouble = self._read(said.raws, at)
        if trouble is None:
            return None
        self._counting.whole = False
        try:
            return self._in_parts(said, at, trouble)
        finally:
            self._counting.whole = True

    def _in_parts(
        self, said: Statement, at: int, trouble: NoReading | tuple[Outcomes, ...]
    ) -> NoReading | tuple[Outcomes, ...] | None:
        for cut in _cuts(said.raws, trouble):
            before = len(self.rules)
            if self._read(said.raws[:cut], at) is None:
                raws = (*self._holder(said.raws, cut), *said.raws[cut + 1 :])
                rest = Statement(raws, said.raws[cut + 1].start, said.end)
                left = self._read(rest.raws, at)
                done = left is None or self._in_parts(rest, at, left) is None
                if done and not _halved([rule for _, rule in self.rules[before:]]):
                    return None
                del self.rules[before:]
        return trouble

    def _holder(self, raws: tuple[Raw, ...], cut: int) -> tuple[Raw, ...]:
        """What stands before the first of two limits holds of the second too, if it names none."""
        one, other = (lexemes(list(half), self.names) for half in (raws[:cut], raws[cut + 1 :]))
        for kinds, begun in ((_LIMITS, _LIMITS), (_MODALS, _MODALS | _PREDICATES)):
            first = next((each for each in one[1:] if each.kinds & begun), None)
            if first is not None and other and other[0].kinds & kinds:
                return tuple(raw for raw in raws if raw.start < first.start)
        return ()

    def _read(self, raws: tuple[Raw, ...], at: int) -> NoReading | tuple[Outcomes, ...] | None:
        spoken = lexemes(list(raws), self.names)
        if not spoken:
            return None
        try:
            found: tuple[Outcomes, ...] = grammar().meanings(spoken, "rule", self._actions)
        except NoReading as trouble:
            return trouble
        if len(found) > 1:
            return found
        taken = self._take(found[0], at)
        self._of_holder = any(each.kinds & _ALLOWING for each in spoken)
        return None if taken else NoSense(spoken, (), "rule")

    def rule(self, said: Outcomes) -> Outcomes:
        """A whole sentence."""
        return said

    def again(self, said: object) -> Outcomes | None:
        """ "Neither can a driver"."""
        return (("again", said),) if isinstance(said, Key) and self._of_holder else None

    def not_counted(self, said: Records | tuple[Lexeme, ...]) -> Outcomes:
        """ "Cancelled bookings do not count"."""
        return (("not counted", said),)

    # -- taking up -----------------------------------------------------------------------------
    def _take(self, outcomes: Outcomes, at: int) -> bool:
        taken: list[int] = []
        for outcome in outcomes:
            match outcome:
                case Add():
                    done = _add(self.draft, outcome, at)
                case Bound():
                    done = _bind(outcome, at)
                case NoWay():
                    done = self._no_way(outcome, at)
                case ("again", Key() as key):
                    done = self._again(key, at, taken)
                case ("not counted", Records() | tuple() as records):
                    done = self._not_counted(records)
                case _:
                    taken.append(len(self.rules))
                    self.rules.append((at, outcome))
                    done = True
            if not done:
                return False
        self._last = taken or self._last
        return True

    def _again(self, key: Key, at: int, taken: list[int]) -> bool:
        for position in self._last:
            rule: Any = self.rules[position][1]
            held = "fields" if isinstance(rule, UniqueTogether) else "per"
            keys = getattr(rule, held, ())
            found = key_of(self._entity(rule), key)
            if found is None or not keys:
                return False
            taken.append(len(self.rules))
            self.rules.append((at, rule.model_copy(update={held: (found, *keys[1:])})))
        return bool(taken)

    def _not_counted(self, said: Records | tuple[Lexeme, ...]) -> bool:
        done = False
        for position in self._last:
            at, rule = self.rules[position]
            if not isinstance(rule, CountLimit | NoOverlap | UniqueTogether | SumLimit):
                continue
            entity = self._entity(rule)
            records = said if isinstance(said, Records) else self._nouns.in_states(entity, said)
            if records is not None and records.entity is entity and len(records.where) == 1:
                where = (*rule.where, records.where[0].contrary)
                self.rules[position] = at, rule.model_copy(update={"where": where})
                done = True
        return done

    def _entity(self, rule: Rule) -> EntityDraft:
        return next(each for each in self.draft.entities.values() if each.name == rule.entity)

    def _no_way(self, said: NoWay, at: int) -> bool:
        told = {**named(said.field.owner), "field": said.field.key}
        for position, (where, rule) in enumerate(self.rules):
            if isinstance(rule, Transitions) and told.items() <= rule.model_dump().items():
                kept = tuple(step for step in rule.allowed if not said.forbids(step))
                self.rules[position] = where, rule.model_copy(update={"allowed": kept})
                return True
        if "steps" in said.field.said:
            return not any(map(said.forbids, steps_of(said.field.said["steps"])["allowed"]))
        allowed = [step for step in permutations(said.field.choices, 2) if not said.forbids(step)]
        self.rules.append((at, Transitions.model_validate({**told, "allowed": allowed})))
        return True


def _halved(rules: list[object]) -> bool:
    """Whether one of two figures is told per something and the other is not: it may be meant."""
    figures = [each for each in rules if isinstance(each, Aggregation)]
    return len({bool(each.group_by) for each in figures}) > 1


def _cuts(raws: tuple[Raw, ...], trouble: NoReading | tuple[Outcomes, ...]) -> list[int]:
    """Where a sentence may be two: at commas and "and", as far as it was understood."""
    stopped = trouble.at if isinstance(trouble, NoReading) else None
    return [
        at
        for at, raw in enumerate(raws)
        if raw.text.lower() in {",", "and", "but"} and 0 < at < len(raws) - 1
        if stopped is None or raw.start <= stopped.end
    ][::-1]


def _add(draft: Draft, said: Add, at: int) -> bool:
    field = said.entity.field(said.words)
    field.said.update(dict(said.specs))
    field.statements.append(at)
    draft.assume(said.because)
    return True


def _bind(said: Bound, at: int) -> bool:
    key, value = said.spec
    told = said.field.said
    if key in _SIDES:
        _narrow(told, key, value)
    elif key == "range":
        for side, bound in zip(_SIDES, value, strict=True):
            _narrow(told, side, (bound, False))
    elif told.get(key, value) != value:
        return False
    else:
        told[key] = value
    said.field.statements.append(at)
    return True


def _narrow(told: dict[str, Any], side: str, bound: tuple[str, bool]) -> None:
    """Both limits hold of a field that was given two: the tighter one is kept."""
    low, high = told.pop("range", (None, None))
    for key, value in zip(_SIDES, (low, high), strict=True):
        if value is not None:
            told[key] = value, False
    known = told.get(side, bound)
    told[side] = max(known, bound, key=lambda each: (Decimal(each[0]) * _SIDES[side], each[1]))


_SIDES = {"minimum": 1, "maximum": -1}
