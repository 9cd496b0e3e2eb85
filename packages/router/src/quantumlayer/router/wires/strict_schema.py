"""JSON schemas in the strict form that native structured output asks for."""

from pydantic import JsonValue

# What strict decoders refuse or ignore; the router validates all of it afterwards.
_DROPPED = frozenset({"default", "title", "examples", "format", "discriminator"})
_LITERAL = frozenset({"enum", "const", "required", "description"})
_SAYS_WHAT = frozenset({"type", "anyOf", "oneOf", "enum", "const"})


def strict_schema(schema: dict[str, JsonValue]) -> dict[str, JsonValue] | None:
    """`schema` with every object closed and every property required; None if it cannot be.

    It cannot be when the document is no object, when an object may hold any keys (a mapping),
    or when a value may be anything.
    """
    try:
        strict = _strict(schema)
    except _NotStrictError:
        return None
    return strict if isinstance(strict, dict) and strict.get("type") == "object" else None


class _NotStrictError(ValueError):
    pass


def _strict(node: JsonValue) -> JsonValue:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    if "prefixItems" in node or not _SAYS_WHAT & node.keys():
        raise _NotStrictError
    if node.get("type") == "object":
        return _strict_object(node)
    return dict(_strict_member(name, value) for name, value in _kept(node))


def _strict_object(node: dict[str, JsonValue]) -> JsonValue:
    properties = node.get("properties")
    if not isinstance(properties, dict) or node.get("additionalProperties") not in (None, False):
        raise _NotStrictError
    others = [(name, value) for name, value in _kept(node) if name != "properties"]
    return {
        **dict(_strict_member(name, value) for name, value in others),
        "properties": {name: _strict(value) for name, value in properties.items()},
        "required": list(properties),
        "additionalProperties": False,
    }


def _strict_member(keyword: str, value: JsonValue) -> tuple[str, JsonValue]:
    if keyword in _LITERAL:
        return keyword, value
    if keyword == "$defs" and isinstance(value, dict):
        return keyword, {name: _strict(definition) for name, definition in value.items()}
    return "anyOf" if keyword == "oneOf" else keyword, _strict(value)


def _kept(node: dict[str, JsonValue]) -> list[tuple[str, JsonValue]]:
    return [(name, value) for name, value in node.items() if name not in _DROPPED]
