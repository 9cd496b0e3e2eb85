"""Terms as JavaScript over records: what a check, an index or a figure says."""

from dataclasses import dataclass

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.javascript.printing import all_of, array, quoted, stored_literal
from quantumlayer.builtin.writing.layout import NOTHING, SPACE, Doc, Group, Indented, layout
from quantumlayer.builtin.writing.service import terms
from quantumlayer.builtin.writing.service.fields import DATE_PARTS, NUMBERS, STRINGS, FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.terms import Operand, Term

_SYMBOLS = terms.SIGNS | {Operator.EQUAL: "===", Operator.NOT_EQUAL: "!=="}
_FEW = 2


@dataclass(frozen=True)
class Printer:
    """Prints terms about a record that the code calls `variable`."""

    view: ServiceView
    variable: str

    def term(self, found: Term) -> Doc:
        """A term as a condition."""
        match found:
            case terms.Not():
                return self._negated(found.term)
            case terms.All():
                return Group(all_of([self.term(each) for each in found.terms]))
            case terms.Any():
                return _parenthesised([self._alternative(each) for each in found.terms])
            case terms.Compare():
                return self._compared(found, _SYMBOLS[found.operator])
            case _:
                return self._asked(found)

    def _asked(
        self, found: terms.Among | terms.Empty | terms.Exists | terms.Changed | terms.Moved
    ) -> Doc:
        """What is asked of a member, of other records, or of what has changed."""
        match found:
            case terms.Among():
                return self._among(found, "===")
            case terms.Empty():
                return self._empty(found, "===")
            case terms.Exists():
                return self._chain(found.selected, "some")
            case terms.Changed():
                return _parenthesised([self._changed(field) for field in found.fields])
            case terms.Moved():
                key = found.field.key
                ways = array(quoted(f"{one} > {other}") for one, other in found.allowed)
                return (ways, f".includes(`${{before.{key}}} > ${{{self.variable}.{key}}}`)")

    def _alternative(self, found: Term) -> Doc:
        plain = self.term(found)
        return _parenthesised([plain], at_least=1) if isinstance(found, terms.All) else plain

    def value(self, found: terms.Value, *, sure: bool = False) -> str:
        """A value; one that is `sure` to be set needs no care."""
        record = self._record(found.of)
        code = f"{record}.{found.field.key}"
        if found.through is not None:
            owner = f"{record}.{found.through.key}"
            table = f"tables.{names_of(self.view)[found.owner.name].table}"
            careful = found.through.nullable and not sure
            target = f".find({owner})?." if careful else f".get({owner})."
            code = f"{table}{target}{found.field.key}"
        if found.part:
            mark = "?." if found.nullable and not sure else "."
            code = f"{code}{mark}slice(0, {DATE_PARTS[found.part]})"
        return code

    def _record(self, of: str) -> str:
        return self.variable if of == terms.RECORD else of

    def _operand(self, found: Operand, *, sure: bool = False) -> Doc:
        match found:
            case terms.Value():
                code = self.value(found, sure=sure)
                # The type checker does not see that a record that is looked up twice is one.
                kind = "Number" if found.field.type in NUMBERS else "String"
                unseen = sure and found.through is not None and found.field.nullable
                return f"{kind}({code})" if unseen else code
            case terms.Literal():
                return stored_literal(found.field, found.value)
            case terms.Number():
                return str(found.value)
            case terms.Clock():
                return "dayOf(now)" if found.day else "momentOf(now)"
            case terms.Identity():
                return f"{self._record(found.of)}.id"
            case terms.Total():
                return self._total(found)

    def _total(self, found: terms.Total) -> Doc:
        if found.field is None:
            return self._chain(found.selected, "filter", ".length")
        total = f".map((each) => each.{found.field.key})"
        summed = self._chain(found.selected, "filter", total)
        return Group(("sumUnits(", Indented((NOTHING, summed)), NOTHING, ")"))

    def _compared(self, found: terms.Compare, sign: str) -> Doc:
        operands = (found.left, found.right)
        unsure = [each for each in operands if isinstance(each, terms.Value) and each.nullable]
        if found.operator is Operator.EQUAL and len(unsure) < len(operands):
            return (self._operand(found.left), f" {sign} ", self._operand(found.right))
        guards = [guard for each in unsure for guard in self._guards(each)]
        left, right = (self._operand(each, sure=True) for each in operands)
        if isinstance(found.left, terms.Total) and found.left.field is not None:
            right = ("toUnits(", right, ")")
        compared = Group((left, f" {sign}", Indented((SPACE, right))))
        return Group(all_of([*guards, compared]))

    def _guards(self, found: terms.Value) -> list[Doc]:
        """That a value is set, and the reference through which it is seen."""
        record, guards = self._record(found.of), []
        if found.through is not None and found.through.nullable:
            guards.append(f"{record}.{found.through.key} !== null")
        if found.field.nullable:
            plain = terms.Value(found.of, found.field, found.owner, found.through)
            guards.append(f"{self.value(plain, sure=True)} !== null")
        return [*guards]

    def _negated(self, found: Term) -> Doc:
        match found:
            case terms.Compare(operator=Operator.EQUAL, right=terms.Literal() | terms.Identity()):
                return self._compared(found, "!==")
            case terms.Among():
                return self._among(found, "!==")
            case terms.Empty():
                return self._empty(found, "!==")
            case terms.Exists() | terms.Moved():
                return ("!", self.term(found))
            case _:
                return ("!(", Indented((NOTHING, self.term(found))), NOTHING, ")")

    def _among(self, found: terms.Among, sign: str) -> Doc:
        code = self.value(found.value)
        literals = [stored_literal(each.field, each.value) for each in found.literals]
        if len(literals) > _FEW:
            among = (array(literals), f".some((known) => known === {code})")
            return among if sign == "===" else ("!", *among)
        tests: list[Doc] = [f"{code} {sign} {literal}" for literal in literals]
        return _parenthesised(tests) if sign == "===" else Group(all_of(tests))

    def _empty(self, asked: terms.Empty, sign: str) -> Doc:
        found, unset = asked.value, asked.unset
        code = self.value(found)
        if found.field.type is FieldType.TAGS and not unset:
            return f"{f'({code} ?? [])' if found.nullable else code}.length {sign} 0"
        if found.field.type in STRINGS and not unset:
            filled = f'({code} ?? "")' if found.nullable else code
            return f'{filled} {sign} ""'
        careful = found.through is not None and found.through.nullable
        return f"({code} ?? null) {sign} null" if careful else f"{code} {sign} null"

    def _changed(self, field: FieldView) -> Doc:
        if field.type is FieldType.TAGS:
            return f"!isDeepStrictEqual({self.variable}.{field.key}, before.{field.key})"
        return f"{self.variable}.{field.key} !== before.{field.key}"

    def _chain(self, selected: terms.Selection, method: str, *more: str) -> Doc:
        """The records that are selected, and what is asked of them all."""
        calls, tests = self._calls(selected)
        if tests:
            arrow = Group((f"({selected.of}) =>", Indented((SPACE, *all_of(tests)))))
            calls.append((f".{method}(", Indented((NOTHING, arrow)), NOTHING, ")"))
        elif method == "some":
            calls.append(".length > 0")
        lines = [part for call in (*calls, *more) for part in (NOTHING, call)]
        return Group((f"tables.{self._table(selected)}", Indented((*lines,))))

    def _calls(self, selected: terms.Selection) -> tuple[list[Doc], list[Doc]]:
        """Where to look, by an index of references where there is one, and what is left to ask."""
        looked_up, tests = "", []
        for own, other in selected.alike:
            is_reference = own.field.type is FieldType.REFERENCE and own.through is None
            if is_reference and not looked_up:
                looked_up = f'.by("{own.field.key}", {layout(self._operand(other))})'
            else:
                tests.append((self.value(own), " === ", self._operand(other)))
        rest: list[Doc] = [*tests, *(self.term(each) for each in selected.where)]
        return [looked_up or ".all()"], rest

    def _table(self, selected: terms.Selection) -> str:
        return names_of(self.view)[selected.entity.name].table


def printer(view: ServiceView, entity: EntityView) -> Printer:
    """Prints terms about a record of `entity`, under its usual name."""
    return Printer(view, names_of(view)[entity.name].variable)


def _parenthesised(tests: list[Doc], *, at_least: int = 2) -> Doc:
    if len(tests) < at_least:
        return tests[0]
    return Group(("(", Indented((NOTHING, *all_of(tests, "||"))), NOTHING, ")"))
