"""A field of the domain from all that was said of it, and the sentence that says the same."""

from decimal import Decimal

from quantumlayer.builtin.domain import Field, FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.draft import FieldDraft
from quantumlayer.builtin.language.refusal import Impossible

_TEXTS = {FieldType.TEXT, FieldType.LONG_TEXT}

_NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL}

_MOMENTS = {FieldType.DATE, FieldType.DATETIME}


def built(each: FieldDraft, number: str) -> Field:
    """A field of the domain from all that was said of it."""
    kind, said = each.kind, each.said
    low, low_open, high, high_open = _bounds(each)
    shortest, longest = said.get("length", (None, None))
    default, computed = default_of(each)
    optional = said.get("optional")
    if optional is None:
        optional = kind is FieldType.TAGS or (
            kinds.is_optional(each.words)
            and kind not in {FieldType.REFERENCE, FieldType.BOOLEAN, FieldType.CHOICE}
        )
    if low is not None and high is not None and Decimal(low) > Decimal(high):
        raise Impossible(
            f"the {each.label} would be at least {low} and at most {high}", tuple(each.statements)
        )
    if default is not None and not _may_default(each, default, low, high):
        raise Impossible(f"{default} is no {each.label}", tuple(each.statements))
    numeric, text = (
        kind in _NUMBERS,
        kind in _TEXTS | {FieldType.EMAIL, FieldType.URL, FieldType.PHONE},
    )
    return Field(
        name=each.key.removesuffix("_id") if each.target is not None else each.key,
        type=kind,
        required=not optional,
        unique=bool(said.get("unique")),
        choices=each.choices if kind is FieldType.CHOICE else (),
        references=each.target.name if each.target is not None else None,
        default=default,
        computed_default=computed,
        minimum=low if numeric else None,
        exclusive_minimum=low_open and numeric,
        maximum=high if numeric else None,
        exclusive_maximum=high_open and numeric,
        min_length=shortest if text else None,
        max_length=longest if text else None,
        pattern=said.get("pattern") if kind in _TEXTS else None,
        requirement=number,
    )


def _may_default(each: FieldDraft, default: object, low: str | None, high: str | None) -> bool:
    """Whether a default is a value of its field."""
    if each.kind is FieldType.CHOICE:
        return default in each.choices
    if each.kind in _NUMBERS:
        number = str(default)
        known = number.lstrip("-").replace(".", "", 1).isdigit()
        return known and not (
            (low is not None and Decimal(number) < Decimal(low))
            or (high is not None and Decimal(number) > Decimal(high))
        )
    if each.kind is FieldType.BOOLEAN:
        return isinstance(default, bool)
    return each.kind in _TEXTS


def _bounds(each: FieldDraft) -> tuple[str | None, bool, str | None, bool]:
    said = each.said
    low, low_open = said.get("minimum", (None, False))
    high, high_open = said.get("maximum", (None, False))
    if "range" in said:
        (low, low_open), (high, high_open) = ((bound, False) for bound in said["range"])
    if low is None and each.kind in _NUMBERS and kinds.is_never_negative(each.words):
        low = "0"
    return low, low_open, high, high_open


def default_of(each: FieldDraft) -> tuple[str | int | bool | None, str | None]:
    """What a field holds where nothing is given, and what is computed then."""
    default, kind = each.said.get("default"), each.kind
    if default in ("today", "now") and kind in _MOMENTS and isinstance(default, str):
        return None, "today" if kind is FieldType.DATE else "now"
    if default is None and kinds.is_created(each.words) and kind in _MOMENTS:
        return None, "today" if kind is FieldType.DATE else "now"
    if default is None and kind is FieldType.BOOLEAN and each.said.get("optional") is not False:
        return False, None
    if default is None and kind is FieldType.CHOICE and kinds.is_state(each.words):
        return each.choices[0], None
    if isinstance(default, str) and kind is FieldType.INTEGER:
        return int(default), None
    return default, None
