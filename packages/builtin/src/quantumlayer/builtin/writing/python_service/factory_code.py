"""The factories of test data as code; what they make is what a recipe says."""

import json
import keyword
from datetime import date

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.python_service.scenario_code import parent_code
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.recipes import Parent, Ref, kitchen
from quantumlayer.builtin.writing.service.samples import (
    TODAY,
    json_code,
    progression,
    sample,
    text_frame,
    text_places,
)

_MANY = 1_000


def factory_code(view: ServiceView) -> str:
    """The methods of the factory, two an entity."""
    return "\n".join(_methods(view, entity) for entity in view.entities)


def _methods(view: ServiceView, entity: EntityView) -> str:
    recipe = kitchen(view).recipes[entity.name]
    constants = {k: v for k, v in recipe.constants if not isinstance(v, Parent | Ref)}
    parents = {k: v for k, v in recipe.constants if isinstance(v, Parent)}
    varied = [entity.field(key) for key in recipe.varied]
    pairs = {f.key: varied_code(entity, f) for f in varied}
    pairs |= {
        key: json_code(value) for key, value in constants.items() if not isinstance(value, Parent)
    }
    ordered = [f.key for f in entity.fields if f.key in pairs]
    body = "{" + "".join(f"{json.dumps(key)}: {pairs[key]}, " for key in ordered) + "**changes}"
    also = ", with the records it points to" if parents else ""
    lines = [f"def {entity.slug}_body(self, **changes: object) -> dict[str, Any]:"]
    lines.append(f'    """Make up the body of {entity.one}{also}."""')
    if varied:
        lines.append("    number = next(self._numbers)")
    if parents:
        lines.append(f"    body: dict[str, Any] = {body}")
        for key, parent in parents.items():
            lines.append(f'    if "{key}" not in body:')
            lines.append(f'        body["{key}"] = {parent_code(view, parent, "self")}["id"]')
        lines.append("    return body")
    else:
        lines.append(f"    return {body}")
    lines += [
        "",
        f"def {entity.maker}(self, **changes: object) -> dict[str, Any]:",
        f'    """Make {entity.one}."""',
        f'    return self._created("{entity.path}", self.{entity.slug}_body(**changes))',
        "",
    ]
    return "\n".join(f"    {line}" if line else "" for line in lines)


def varied_code(entity: EntityView, field: FieldView) -> str:  # noqa: PLR0911
    """The code of `sample(entity, field, number)` as it travels."""
    match field.type:
        case FieldType.INTEGER | FieldType.DECIMAL:
            return _number_code(field)
        case FieldType.DATE | FieldType.DATETIME:
            return _moment_code(entity, field)
        case FieldType.TIME:
            return _time_code(entity, field)
        case FieldType.CHOICE:
            choices = json.dumps(list(field.field.choices), ensure_ascii=False)
            return f"{choices}[number % {len(field.field.choices)}]"
        case FieldType.BOOLEAN:
            return "number % 2 == 1"
        case FieldType.TAGS:
            return '[f"tag-{number}"]'
        case _:
            return _text_code(entity, field)


def _number_code(field: FieldView) -> str:
    numbers = progression(field)
    counted = "number" if numbers.span > _MANY else f"number % {numbers.span}"
    if numbers.step == 1 and numbers.start == int(numbers.start):
        return f"{int(numbers.start)} + {counted}"
    if numbers.step == 1:
        return f"{numbers.start} + {counted}"
    return f"round({numbers.start} + {numbers.step} * ({counted}), {field.places})"


def _moment_code(entity: EntityView, field: FieldView) -> str:
    first, second = sample(entity, field, 0), sample(entity, field, 1)
    forwards = str(json_code(second)) > str(json_code(first))
    base = TODAY
    offset = (date.fromisoformat(str(first)[:10]) - base).days
    name = "NOW" if field.type is FieldType.DATETIME else "NOW.date()"
    sign = "+" if forwards else "-"
    start = f"{name} + timedelta(days={offset})" if offset else name
    text = f"({start} {sign} timedelta(days=number)).isoformat()"
    return f'{text}.replace("+00:00", "Z")' if field.type is FieldType.DATETIME else text


def _time_code(entity: EntityView, field: FieldView) -> str:
    start = sample(entity, field, 0)
    minutes = start.hour * 60 + start.minute  # type: ignore[union-attr]
    return f'f"{{({minutes} + number) // 60:02d}}:{{({minutes} + number) % 60:02d}}:00"'


def _text_code(entity: EntityView, field: FieldView) -> str:
    places = text_places(field)
    if places:
        return f"spell(number, {_places_code(places)})"
    prefix, suffix = text_frame(entity, field)
    return f'f"{_escaped(prefix)}{{number}}{_escaped(suffix)}"'


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")


def _places_code(places: tuple[str, ...]) -> str:
    """The alphabets of a text, with repeats said once."""
    runs: list[tuple[str, int]] = []
    for letters in places:
        if runs and runs[-1][0] == letters:
            runs[-1] = (letters, runs[-1][1] + 1)
        else:
            runs.append((letters, 1))
    parts = [
        f"[{json.dumps(letters)}] * {times}" if times > 1 else f"[{json.dumps(letters)}]"
        for letters, times in runs
    ]
    return " + ".join(parts)


def keyword_argument(key: str, code: str) -> str:
    """One argument of a factory, whatever its name."""
    return f'**{{"{key}": {code}}}' if keyword.iskeyword(key) or key == "self" else f"{key}={code}"
