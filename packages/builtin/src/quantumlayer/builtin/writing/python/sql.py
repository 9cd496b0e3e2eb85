"""Terms as SQL: conditions of a row that is called `record`, `other`, or nothing at all."""

from quantumlayer.builtin.conditions import Operator
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.layout import NOTHING, SPACE, Doc, Group, Indented, joined, layout
from quantumlayer.builtin.writing.python.kinds import sql_code, sql_text
from quantumlayer.builtin.writing.service import terms
from quantumlayer.builtin.writing.service.fields import DATE_PARTS, OTHER_PLACES, STRINGS, FieldView
from quantumlayer.builtin.writing.service.terms import Operand, Term

SYMBOLS = terms.SIGNS | {Operator.EQUAL: "=", Operator.NOT_EQUAL: "<>"}
_UNITS = 10**OTHER_PLACES


def condition(found: Term | None, *, indent: int = 0) -> str:
    """A term as the condition of a row, in as many lines as it needs."""
    return "TRUE" if found is None else layout(_term(found), indent=indent)


def value(found: terms.Value, *, indent: int = 0, beside: int = 0) -> str:
    """A value of a row, on lines that have room for so many characters beside it."""
    return layout(_operand(found), indent=indent, column=indent + beside)


def _column(of: str, key: str) -> str:
    if of == terms.BEFORE:
        return f":before_{key}"
    return f'{of}."{key}"' if of else f'"{key}"'


def _operand(found: Operand) -> Doc:
    match found:
        case terms.Value():
            return _value(found)
        case terms.Literal():
            return sql_code(found.field, found.value)
        case terms.Number():
            return str(found.value)
        case terms.Clock():
            return ":today" if found.day else ":now"
        case terms.Identity():
            return _column(found.of, "id")
        case _:
            return _total(found)


def _value(found: terms.Value) -> Doc:
    if found.through is not None:
        own = _column(found.of, found.through.key)
        source = (SPACE, f'FROM "{found.owner.table}"', SPACE, f'WHERE "id" = {own})')
        return Group((f'(SELECT "{found.field.key}"', Indented(source)))
    column = _column(found.of, found.field.key)
    return f"substr({column}, 1, {DATE_PARTS[found.part]})" if found.part else column


def _total(found: terms.Total) -> Doc:
    figure = "count(*)"
    if found.field is not None:
        figure = f"coalesce(sum({_column(found.selected.of, found.field.key)}), 0)"
    return _select(figure, found.selected)


def _select(figure: str, selected: terms.Selection) -> Doc:
    alike: list[Term] = [terms.Compare(own, Operator.EQUAL, other) for own, other in selected.alike]
    wanted = [_term(each) for each in (*alike, *selected.where)]
    where = (SPACE, "WHERE ", Group(joined(wanted, (SPACE, "AND ")))) if wanted else ()
    source = f' FROM "{selected.entity.table}" AS {selected.of}'
    return Group(("(SELECT ", figure, source, Indented(where), ")"))


def _term(found: Term) -> Doc:
    match found:
        case terms.Not():
            return _negated(found.term)
        case terms.All() | terms.Any():
            return _joined(found)
        case terms.Compare():
            return _compared(found, SYMBOLS[found.operator])
        case terms.Among():
            listed = [sql_code(each.field, each.value) for each in found.literals]
            among = (" IN (", Indented((NOTHING, *joined(listed, (",", SPACE)))), NOTHING, ")")
            return Group((_value(found.value), *among))
        case terms.Exists():
            return ("EXISTS ", _select("1", found.selected))
        case _:
            return _of_members(found)


def _joined(found: terms.All | terms.Any) -> Doc:
    each = [_term(term) for term in found.terms]
    if isinstance(found, terms.All):
        return Group(joined(each, (SPACE, "AND ")))
    return Group(("(", Indented(joined(each, (SPACE, "OR "))), ")"))


def _of_members(found: terms.Empty | terms.Changed | terms.Moved) -> Doc:
    match found:
        case terms.Empty():
            return _empty(found)
        case terms.Changed():
            each = [f'record."{f.key}" IS NOT :before_{f.key}' for f in found.fields]
            return Group(("(", Indented(joined(each, (SPACE, "OR "))), ")"))
        case terms.Moved():
            sides = (f":before_{found.field.key}", f'record."{found.field.key}"')
            one, other = (f"coalesce({x}, '')" if found.field.nullable else x for x in sides)
            ways = [sql_text(f"{old} > {new}") for old, new in found.allowed]
            allowed = Indented((NOTHING, *joined(ways, (",", SPACE))))
            return Group((f"{one} || ' > ' || {other} IN (", allowed, NOTHING, ")"))


def _negated(found: Term) -> Doc:
    match found:
        case terms.Compare(operator=Operator.EQUAL, right=terms.Literal() | terms.Identity()):
            return _compared(found, "IS NOT")
        case terms.Empty():
            return _empty(found, "NOT ")
        case terms.Exists() | terms.Moved():
            return ("NOT ", _term(found))
        case _:
            return Group(("NOT coalesce(", Indented((_term(found), ", FALSE)"))))


def _compared(found: terms.Compare, sign: str) -> Doc:
    left, right = _operand(found.left), _operand(found.right)
    decimals = [_is_decimal(found.left), _is_decimal(found.right)]
    if decimals == [True, False]:
        right = (right, f" * {_UNITS}")
    if decimals == [False, True]:
        left = (left, f" * {_UNITS}")
    return (left, f" {sign} ", right)


def _is_decimal(found: Operand) -> bool:
    field = getattr(found, "field", None)
    return field is not None and field.type is FieldType.DECIMAL


def _empty(found: terms.Empty, negation: str = "") -> Doc:
    """Whether a value is not set, or one of the stored texts that hold nothing."""
    nothing = "" if found.unset else _nothing(found.value.field)
    if nothing:
        return ("coalesce(", _value(found.value), f", '') {negation}IN ({nothing})")
    return (_value(found.value), f" IS {negation}NULL")


def _nothing(field: FieldView) -> str:
    """The stored texts that hold nothing, of a field that can be empty without being null."""
    if field.type is FieldType.TAGS:
        return "'', '[]'"
    return "''" if field.type in STRINGS else ""
