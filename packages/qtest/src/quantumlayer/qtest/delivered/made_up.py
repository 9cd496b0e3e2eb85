"""Values that fit a schema of an OpenAPI document, as far as that can be told; always the same."""

from typing import Any

DEEPEST = 12
# Schemas may name themselves many times over, and want words without end.
MOST_VALUES = 1_000
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 2**53
BY_FORMAT = {
    "date": "2030-01-15",
    "date-time": "2030-01-15T10:00:00Z",
    "time": "10:00:00",
    "email": "somebody@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "6f1f6a52-5b0e-4c6e-9d53-0a4a9b0c1d2e",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
}
WORD = "remembered"


def at(content: object, *names: str) -> Any:  # noqa: ANN401 - whatever the document holds
    """What stands at a place of a document; None where nothing does."""
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content


class MadeUp:
    """Values for the schemas of one document."""

    def __init__(self, document: object) -> None:
        self.document = document
        self.left = MOST_VALUES

    def resolved(self, part: object) -> Any:  # noqa: ANN401 - as above
        """A part with the reference followed that it may be."""
        for _ in range(DEEPEST):
            reference = at(part, "$ref")
            if not isinstance(reference, str) or not reference.startswith("#/"):
                return part
            names = (
                name.replace("~1", "/").replace("~0", "~") for name in reference[2:].split("/")
            )
            part = at(self.document, *names)
        return None

    def example(self, media: object) -> Any:  # noqa: ANN401 - as above
        """The example of a body, in the document's own words where it has one."""
        told = at(media, "example")
        if told is not None:
            return told
        named = at(media, "examples")
        if isinstance(named, dict) and named:
            return at(self.resolved(next(iter(named.values()))), "value")
        return self.value(at(media, "schema"))

    def value(self, schema: object, depth: int = 0) -> Any:  # noqa: ANN401 - as above
        """A value that fits a schema."""
        schema = self.resolved(schema)
        self.left -= 1
        if not isinstance(schema, dict) or depth > DEEPEST or self.left < 0:
            return None
        for told in (schema.get("example"), *list_of(schema.get("examples")), schema.get("const"),
                     *list_of(schema.get("enum"))):  # fmt: skip
            if told is not None:
                return told
        if parts := list_of(schema.get("allOf")):
            values = [self.value(part, depth + 1) for part in parts]
            return {k: v for one in values if isinstance(one, dict) for k, v in one.items()} or (
                values[0]
            )
        for name in ("anyOf", "oneOf"):
            if parts := list_of(schema.get(name)):
                return self.value(parts[0], depth + 1)
        return self.of_type(schema, depth)

    def of_type(self, schema: dict[str, Any], depth: int) -> Any:  # noqa: ANN401 - as above
        kinds = schema.get("type")
        kind = next((one for one in list_of(kinds) or [kinds] if one != "null"), None)
        match kind:
            case "object" | None:
                required = list_of(schema.get("required"))
                named = table(schema.get("properties")).items()
                return {name: self.value(one, depth + 1) for name, one in named if name in required}
            case "array":
                count = schema.get("minItems")
                return [self.value(schema.get("items"), depth + 1)] if count else []
            case "string":
                text = BY_FORMAT.get(str(schema.get("format")), WORD)
                text += "x" * (min(number(schema, "minLength") or 0, LONGEST_TEXT) - len(text))
                return text[: number(schema, "maxLength") or len(text)]
            case "integer" | "number":
                return between(schema)
            case "boolean":
                return True
        return None


def between(schema: dict[str, Any]) -> int:
    """A number within the bounds of a schema, 1 where that is one."""
    least, most = (
        next((found for name in names if (found := number(schema, name)) is not None), None)
        for names in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
    )
    found = 1 if least is None else max(1, least + 1)
    return found if most is None else min(found, most)


def number(schema: dict[str, Any], name: str) -> int | None:
    """A number that can be counted with, None where there is none."""
    found = schema.get(name)
    if not isinstance(found, int | float) or isinstance(found, bool):
        return None
    return int(found) if abs(found) <= LARGEST_NUMBER else None


def table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
