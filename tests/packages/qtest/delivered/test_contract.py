"""What can be written and read back is made from a service's contract, or left out."""

from typing import Any

import pytest

from quantumlayer.qtest.delivered import Exchange
from quantumlayer.qtest.delivered.contract import exchanges_of
from quantumlayer.qtest.delivered.made_up import MadeUp


def contract(
    schema: dict[str, Any], *, reading: str = "/notes/{note_id}", **more: object
) -> dict[str, Any]:
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
    return {
        "openapi": "3.1.0",
        "paths": {
            "/notes": {"post": {
                "requestBody": {"content": {"application/json": {"schema": schema}}},
                "responses": {"201": answer},
            }},
            reading: {"get": {"responses": {"200": answer}}},
        },
        "components": {"schemas": {"Note": {"properties": {"id": {"type": "integer"}}}}},
        **more,
    }  # fmt: skip


TEXT = {
    "type": "object",
    "required": ["text", "when", "by"],
    "properties": {
        "when": {"type": "string", "format": "date"},
        "by": {"anyOf": [{"type": "string", "format": "email"}, {"type": "null"}]},
        "text": {"type": "string", "maxLength": 5},
        "more": {"type": "string"},
    },
}


def test_what_is_required_is_made_up_and_read_back() -> None:
    assert exchanges_of(contract(TEXT)) == (
        Exchange(
            path="/notes", read_path="/notes/{id}", expects="2030-01-15",
            body={"when": "2030-01-15", "by": "somebody@example.com", "text": "remem"},
        ),
    )  # fmt: skip


def test_an_example_is_taken_at_its_word() -> None:
    schema = {"type": "object", "example": {"text": "milk"}}
    (found,) = exchanges_of(contract(schema))
    assert (found.body, found.expects) == ({"text": "milk"}, "milk")


def test_what_needs_nothing_else_comes_first() -> None:
    document = contract({**TEXT, "required": ["text", "ownerId"],
                         "properties": {**TEXT["properties"], "ownerId": {"type": "integer"}}})  # type: ignore[dict-item]  # fmt: skip
    other = contract(TEXT)["paths"]
    document["paths"] |= {"/tags": other["/notes"], "/tags/{id}": other["/notes/{note_id}"]}
    assert [one.path for one in exchanges_of(document)] == ["/tags", "/notes"]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"paths": [1]},
        {"paths": {}},
        {"paths": {"/notes": None, "/other": {"post": []}}},
        contract(TEXT, reading="/notes"),
        contract(TEXT, reading="/notes/{id}/tags/{tag}"),
        contract(TEXT, security=[{"bearer": []}]),
        contract({"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}),
        contract({"$ref": "#/nowhere"}),
        contract({"type": "string"}),
    ],
)
def test_what_cannot_be_told_apart_or_not_be_written_is_left_out(document: dict[str, Any]) -> None:
    assert exchanges_of(document) == ()


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 5}, 6),
        ({"type": "integer", "maximum": 0}, 0),
        ({"type": ["null", "boolean"]}, True),
        ({"type": "array", "items": {"enum": ["red"]}, "minItems": 1}, ["red"]),
        ({"type": "array", "items": {}}, []),
        ({"type": "string", "minLength": 12}, "rememberedxx"),
        ({"allOf": [{"$ref": "#/a"}, {"required": ["y"], "properties": {"y": {"const": 2}}}]},
         {"x": 1, "y": 2}),
        ({"$ref": "#/circle"}, None),
        ({"type": "string", "minLength": 10**15, "maxLength": 12}, "rememberedxx"),
        ({"type": "string", "minLength": 10**400}, "remembered"),
        ({"type": "string", "minLength": "many"}, "remembered"),
        ({"type": "integer", "minimum": float("inf")}, 1),
        ({"required": [{}, 1], "properties": [3]}, {}),
        ({"type": {"a": 1}}, None),
    ],
)  # fmt: skip
def test_values_fit_their_schema(schema: dict[str, Any], value: object) -> None:
    document = {
        "a": {"required": ["x"], "properties": {"x": {"type": "number"}}},
        "circle": {"$ref": "#/circle"},
    }
    assert MadeUp(document).value(schema) == value


def test_a_schema_that_names_itself_many_times_ends() -> None:
    names = [f"n{number}" for number in range(40)]
    tree = {"required": names, "properties": {name: {"$ref": "#/tree"} for name in names}}
    assert set(MadeUp({"tree": tree}).value(tree)) == set(names)


def test_more_paths_than_any_service_has_are_not_all_looked_at() -> None:
    document = contract(TEXT)
    document["paths"] |= {f"/{number}": {"post": {}} for number in range(50_000)}
    assert len(exchanges_of(document)) == 1
