"""JSON schemas without the titles that only repeat the names of what they stand at."""

from collections.abc import Mapping

from pydantic import JsonValue

# Below these stand schemas by names that are whoever's: a property may itself be called "title".
_BY_NAME = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})
# Below these stand values, which are no schemas.
_VALUES = frozenset({"enum", "const", "default", "examples"})


def untitled(schema: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The schema without the keyword `title`, at any depth."""
    return {key: _below(key, value) for key, value in schema.items() if key != "title"}


def _below(keyword: str, value: JsonValue) -> JsonValue:
    if keyword in _VALUES:
        return value
    if keyword in _BY_NAME and isinstance(value, dict):
        return {name: _schema(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_schema(one) for one in value]
    return _schema(value)


def _schema(value: JsonValue) -> JsonValue:
    return untitled(value) if isinstance(value, dict) else value
