"""JSON schemas in the strict forms that native structured output asks for."""

from collections.abc import Iterator

from pydantic import JsonValue

# What strict decoders refuse or ignore; the router validates all of it afterwards.
_DROPPED = frozenset({"default", "title", "examples", "format", "discriminator"})
_LITERAL = frozenset({"enum", "const", "required", "description"})
_SAYS_WHAT = frozenset({"type", "anyOf", "oneOf", "enum", "const"})
# What Anthropic's decoder does not know, and refuses.
_LIMITS = frozenset(
    {
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
        "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties",
        "maxProperties",
    }
)  # fmt: skip


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


def plain_schema(schema: dict[str, JsonValue]) -> dict[str, JsonValue] | None:
    """`strict_schema` with limits of values in words alone; None also if it is recursive."""
    strict = strict_schema(schema)
    if strict is None or _is_recursive(strict):
        return None
    plain = _plain(strict)
    return plain if isinstance(plain, dict) else None


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


def _plain(node: JsonValue) -> JsonValue:
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain: dict[str, JsonValue] = {}
    for keyword, value in node.items():
        if keyword in {"properties", "$defs"} and isinstance(value, dict):
            plain[keyword] = {name: _plain(inner) for name, inner in value.items()}
        elif keyword not in _LIMITS:
            plain[keyword] = value if keyword in _LITERAL else _plain(value)
    limits = ", ".join(f"{name}: {node[name]}" for name in sorted(_LIMITS & node.keys()))
    if limits:
        plain["description"] = " ".join(filter(None, (str(node.get("description", "")), limits)))
    return plain


def _is_recursive(schema: dict[str, JsonValue]) -> bool:
    """Whether some definition leads to itself."""
    definitions = schema.get("$defs")
    known = definitions if isinstance(definitions, dict) else {}
    leads = {f"#/$defs/{name}": set(_references(inner)) for name, inner in known.items()}
    for _ in leads:
        leads = {
            name: to.union(*(leads.get(each, set()) for each in to)) for name, to in leads.items()
        }
    return "#" in _references(schema) or any(name in to for name, to in leads.items())


def _references(node: JsonValue) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for each in inner:
        yield from _references(each)
