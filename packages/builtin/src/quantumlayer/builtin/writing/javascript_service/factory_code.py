"""The factories of test data as code; what they make is what a recipe says."""

from datetime import date

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript_service.literals import (
    key_code,
    number,
    quoted,
)
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.printing import (
    SPACE,
    Broken,
    Doc,
    Group,
    Indented,
    array,
    call,
    joined,
    layout,
)
from quantumlayer.builtin.writing.javascript_service.scenario_code import (
    parent_code,
    value_code,
)
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.recipes import Parent, kitchen
from quantumlayer.builtin.writing.service.samples import (
    TODAY,
    progression,
    sample,
    text_frame,
    text_places,
    to_json,
)

_MANY = 1_000


def factory_methods(view: ServiceView) -> list[str]:
    """The methods of the factory, two an entity."""
    return [code for entity in view.entities for code in _methods(view, entity)]


def _methods(view: ServiceView, entity: EntityView) -> tuple[str, str]:
    recipe = kitchen(view).recipes[entity.name]
    maker = names_of(view)[entity.name].maker
    parents = {k: v for k, v in recipe.constants if isinstance(v, Parent)}
    pairs: dict[str, Doc] = {key: varied_code(entity, entity.field(key)) for key in recipe.varied}
    pairs |= {k: value_code(view, v) for k, v in recipe.constants if k not in parents}
    members: list[Doc] = [
        (f"{key_code(f.key)}: ", pairs[f.key]) for f in entity.fields if f.key in pairs
    ]
    also = ", with the records it points to" if parents else ""
    lines = [
        f"/**\n   * The body of {entity.one}{also}.\n   *",
        "   * @param {Changes} [changes]\n   * @returns {Promise<Changes>}\n   */",
        f"  async {maker}Body(changes = {{}}) {{",
    ]
    if recipe.varied:
        lines.append("    const number = this.#next();")
    if parents:
        body = _object([*members, "...changes"])
        typed = "    /** @type {Changes} */\n"
        lines.append(typed + "    " + layout(("const body = ", body, ";"), indent=4))
        for key, parent in parents.items():
            point: Doc = ("(", parent_code(view, parent, "this"), ").id")
            lines.append(f'    if (!("{key}" in body)) {{')
            lines.append("      " + layout((f"body.{key} = ", point, ";"), indent=6))
            lines.append("    }")
        lines.append("    return body;")
    else:
        body = _object([*members, "...changes"])
        lines.append("    " + layout(("return ", body, ";"), indent=4))
    lines.append("  }")
    made = call("this.#created", [quoted(entity.path), f"await this.{maker}Body(changes)"])
    return "\n".join(lines), "\n".join(
        [
            f"/**\n   * Make {entity.one}.\n   *",
            "   * @param {Changes} [changes]\n   */",
            f"  async {maker}(changes = {{}}) {{",
            "    " + layout(("return ", made, ";"), indent=4),
            "  }",
        ]
    )


def _object(members: list[Doc]) -> Doc:
    inside = Indented((SPACE, *joined(members, (",", SPACE)), Broken(",")))
    return Group(("{", inside, SPACE, "}"))


def varied_code(entity: EntityView, field: FieldView) -> Doc:  # noqa: PLR0911
    """The code of `sample(entity, field, number)` as it travels."""
    match field.type:
        case FieldType.INTEGER | FieldType.DECIMAL:
            return _number_code(field)
        case FieldType.DATE | FieldType.DATETIME:
            return _moment_code(entity, field)
        case FieldType.TIME:
            start = sample(entity, field, 0)
            minutes = start.hour * 60 + start.minute  # type: ignore[union-attr]
            return f"timeAt({minutes} + number)"
        case FieldType.CHOICE:
            choices = layout(array(quoted(choice) for choice in field.field.choices), indent=6)
            return f"{choices}[number % {len(field.field.choices)}]"
        case FieldType.BOOLEAN:
            return "number % 2 === 1"
        case FieldType.TAGS:
            return "[`tag-${number}`]"
        case _:
            return _text_code(entity, field)


def _number_code(field: FieldView) -> str:
    numbers = progression(field)
    counted = "number" if numbers.span > _MANY else f"(number % {numbers.span})"
    start = number(numbers.start)
    if numbers.step == 1:
        return f"{start} + {counted}"
    steps = number(1 / numbers.step)
    return f"{start} + {counted} / {steps}"


def _moment_code(entity: EntityView, field: FieldView) -> str:
    first, second = to_json(sample(entity, field, 0)), to_json(sample(entity, field, 1))
    forwards = str(second) > str(first)
    offset = (date.fromisoformat(str(first)[:10]) - TODAY).days
    days = (
        f"{'' if forwards else '-'}number"
        if not offset
        else (f"{offset} {'+' if forwards else '-'} number")
    )
    return f"{'momentIn' if field.type is FieldType.DATETIME else 'dayIn'}({days})"


def _text_code(entity: EntityView, field: FieldView) -> Doc:
    places = text_places(field)
    if places:
        return call("spell", ["number", _places_code(places)])
    prefix, suffix = text_frame(entity, field)
    return f"`{_escaped(prefix)}${{number}}{_escaped(suffix)}`"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")


def _places_code(places: tuple[str, ...]) -> Doc:
    """The alphabets of a text, with repeats said once: [letters, times]."""
    runs: list[tuple[str, int]] = []
    for letters in places:
        if runs and runs[-1][0] == letters:
            runs[-1] = (letters, runs[-1][1] + 1)
        else:
            runs.append((letters, 1))
    return array(array([quoted(letters), str(times)]) for letters, times in runs)
