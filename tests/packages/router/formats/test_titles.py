"""What pydantic says twice is said once, and nothing else is lost."""

from typing import Any, Literal

from pydantic import BaseModel, Field, JsonValue

from quantumlayer.router.formats.titles import untitled


class Chapter(BaseModel):
    """A chapter."""

    title: str = Field(max_length=80)
    pages: int = 1


class Book(BaseModel):
    """A book."""

    title: str
    chapters: list[Chapter] = []
    blurb: Chapter | None = None
    by_name: dict[str, Chapter] = {}
    kind: Literal["title", "page"] = "title"
    told: dict[str, str] = {"title": "It stays."}


def said(schema: JsonValue) -> list[str]:
    """Every text that is given as a title."""
    if isinstance(schema, list):
        return [one for each in schema for one in said(each)]
    if not isinstance(schema, dict):
        return []
    here = [one for key, one in schema.items() if key == "title" and isinstance(one, str)]
    return here + [one for each in schema.values() for one in said(each)]


def test_no_schema_has_a_title_and_what_is_called_so_stays() -> None:
    schema: Any = untitled(Book.model_json_schema())
    # Of all titles the one that is a value is left.
    assert said(schema) == ["It stays."]
    assert schema["required"] == ["title"]
    assert schema["properties"]["title"] == {"type": "string"}
    chapter = schema["$defs"]["Chapter"]["properties"]
    assert chapter["title"] == {"maxLength": 80, "type": "string"}


def test_a_schema_that_has_none_stays_as_it_is() -> None:
    plain: dict[str, JsonValue] = {"type": "object", "properties": {"a": {"enum": ["title"]}}}
    assert untitled(plain) == plain
