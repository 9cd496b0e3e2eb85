"""Schemas for native structured output."""

from typing import Annotated, Literal

import jsonschema
from pydantic import BaseModel, Field, JsonValue

from quantumlayer.router.wires.strict_schema import plain_schema, strict_schema


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    default: str = Field(default="x", description="a property that is named like a keyword")


class Owner(BaseModel):
    name: str
    pets: tuple[Annotated[Cat | Dog, Field(discriminator="kind")], ...] = ()
    parent: "Owner | None" = None


def objects(node: JsonValue) -> list[dict[str, JsonValue]]:
    if isinstance(node, list):
        return [found for item in node for found in objects(item)]
    if not isinstance(node, dict):
        return []
    inner = [found for item in node.values() for found in objects(item)]
    return [*inner, node] if node.get("type") == "object" else inner


def test_every_object_is_closed_and_requires_all_its_properties() -> None:
    strict = strict_schema(Owner.model_json_schema()["$defs"]["Owner"] | {"$defs": defs()})

    assert strict is not None
    assert len(objects(strict)) == 3 + 1
    for found in objects(strict):
        properties = found["properties"]
        assert isinstance(properties, dict)
        assert found["additionalProperties"] is False
        assert found["required"] == list(properties)
    assert "oneOf" not in str(strict)


def test_what_fits_the_strict_schema_fits_the_model() -> None:
    strict = strict_schema(Owner.model_json_schema()["$defs"]["Owner"] | {"$defs": defs()})
    answer = {
        "name": "Ada",
        "pets": [{"kind": "dog", "default": "y"}, {"kind": "cat", "lives": 9}],
        "parent": None,
    }

    assert strict is not None
    jsonschema.validate(answer, strict)
    assert Owner.model_validate(answer).pets[1] == Cat(kind="cat", lives=9)


def test_mappings_and_free_values_cannot_be_strict() -> None:
    class Free(BaseModel):
        anything: JsonValue

    class Mapping(BaseModel):
        counts: dict[str, int]

    assert strict_schema(Free.model_json_schema()) is None
    assert strict_schema(Mapping.model_json_schema()) is None
    assert strict_schema({"type": "array", "items": {"type": "string"}}) is None


def defs() -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = Owner.model_json_schema()["$defs"]
    return found


def test_limits_that_a_decoder_does_not_know_are_said_in_words() -> None:
    class Limited(BaseModel):
        minimum: int = Field(ge=1, le=9, description="a property that is named like a limit")
        names: list[Annotated[str, Field(min_length=2)]]

    plain = plain_schema(Limited.model_json_schema())

    assert plain is not None
    assert plain["properties"] == {
        "minimum": {
            "type": "integer",
            "description": "a property that is named like a limit maximum: 9, minimum: 1",
        },
        "names": {"type": "array", "items": {"type": "string", "description": "minLength: 2"}},
    }


def test_what_leads_to_itself_is_not_plain() -> None:
    recursive = Owner.model_json_schema()["$defs"]["Owner"] | {"$defs": defs()}
    through_another: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/A"}},
        "$defs": {
            "A": {"type": "object", "properties": {"b": {"$ref": "#/$defs/B"}}},
            "B": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}},
        },
    }

    assert strict_schema(recursive) is not None
    assert plain_schema(recursive) is None
    assert plain_schema(through_another) is None
    assert plain_schema({"type": "object", "properties": {"a": {"$ref": "#"}}}) is None


def test_what_is_used_twice_is_plain() -> None:
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"$ref": "#/$defs/A"}},
        "$defs": {"A": {"type": "object", "properties": {"x": {"type": "string"}}}},
    }
    assert plain_schema(schema) is not None
