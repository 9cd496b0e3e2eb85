"""Whether an answer is what an operation has promised: pure."""

import json
import re
from typing import Any

from quantumlayer.qtest.delivered.made_up import at, table
from quantumlayer.qtest.delivered.model import Answer
from quantumlayer.qtest.delivered.operations import Operation
from quantumlayer.qtest.delivered.probing import shown
from quantumlayer.qtest.delivered.route_requests import Request
from quantumlayer.qtest.iri_grammar import iri_grammar_later

with iri_grammar_later():
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError, best_match

DEEPEST = 60
LONGEST = 200
JSON_MEDIA = re.compile(r"application/(?:[\w.+-]+\+)?json")


def not_promised(document: dict[str, Any], one: Operation, answer: Answer) -> str:
    """What is wrong with the answer to a good request, empty where nothing is."""
    if answer.status >= 500:
        return f"it answers {answer.status}: {shown(answer)}"
    if answer.status == 405:
        return "it answers 405: nothing takes this method there"
    told = documented(one, answer.status)
    if told is None and answer.status < 300:
        named = ", ".join(sorted(one.responses)) or "none"
        return f"it answers {answer.status}, which is not described (described: {named})"
    if told is None and answer.status == 404 and not one.of_one:
        return "it answers 404: it is described, and is not there"
    return not_fitting(document, told, answer) if told is not None else ""


def documented(one: Operation, status: int) -> dict[str, Any] | None:
    """What is described for a status, None where nothing is."""
    for name in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
        if name in one.responses:
            return table(one.responses[name])
    return None


def not_fitting(document: dict[str, Any], told: dict[str, Any], answer: Answer) -> str:
    """Why the body of an answer is not what is described for it."""
    content = table(told.get("content"))
    described = next((kind for kind in content if JSON_MEDIA.fullmatch(kind)), None)
    if described is None or answer.status in (204, 304):
        return ""
    if not JSON_MEDIA.fullmatch(answer.media_type):
        if answer.media_type in content:
            return ""
        kind = answer.media_type or "nothing"
        page = ", as a fallback page would" if kind == "text/html" else ""
        said = f"it answers {answer.status} with {kind}{page}, where JSON is described"
        return f"{said}: {shown(answer)}"
    try:
        body = json.loads(answer.body)
    except ValueError:
        return f"it answers {answer.status} with what is no JSON: {shown(answer)}"
    schema = at(content, described, "schema")
    wrong = violated(document, schema, body) if isinstance(schema, dict) else ""
    return f"it answers {answer.status}, and not as described: {wrong}" if wrong else ""


def violated(document: dict[str, Any], schema: dict[str, Any], body: object) -> str:
    """The first way in which a value does not fit a schema; nothing where that cannot be told."""
    root = {**plain(schema), "components": plain(table(document.get("components")))}
    try:
        errors = Draft202012Validator(root).iter_errors(body)
        error = best_match(one for one in errors if not forbids_its_own(one))
    except Exception:  # noqa: BLE001 - a schema can be wrong in any way, and is no promise then
        return ""
    if error is None:
        return ""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.path)
    return f"`{place.lstrip('.') or 'the answer'}`: {error.message[:LONGEST]}"


def forbids_its_own(error: ValidationError) -> bool:
    """Whether a part of a schema forbids what another part of it asks for.

    Who extends a closed schema in code often describes both as `allOf`, which no value fits then.
    """
    return error.validator == "additionalProperties" and "allOf" in error.absolute_schema_path


def plain(schema: Any, depth: int = 0) -> Any:  # noqa: ANN401 - whatever the document holds
    """A schema of OpenAPI 3.0 in the words of JSON Schema; one of 3.1 stays as it is.

    What is only written is not wanted in an answer.
    """
    if isinstance(schema, list):
        return [plain(each, depth + 1) for each in schema]
    if not isinstance(schema, dict) or depth > DEEPEST:
        return schema
    found = {name: plain(each, depth + 1) for name, each in schema.items()}
    for edge, name in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(found.get(name), bool):
            exclusive = found.pop(name)
            if exclusive and edge in found:
                found[name] = found.pop(edge)
    if isinstance(found.get("required"), list):
        written = [name for name, each in table(found.get("properties")).items()
                   if at(each, "writeOnly") is True]  # fmt: skip
        found["required"] = [name for name in found["required"] if name not in written]
    if found.pop("nullable", None) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def not_refused(one: Operation, request: Request, answer: Answer) -> str:
    """Why a bad request was not answered as one, empty where it was."""
    if answer.status >= 500:
        return f"it answers {answer.status}: {shown(answer)}"
    if 400 <= answer.status < 500:
        return ""
    if one.method == "delete" and "exist" in request.wrong and answer.status in (200, 204):
        return ""  # asking twice for the same may be fine
    if 300 <= answer.status < 400 and one.guarded:
        return ""  # to where one signs in
    return f"it answers {answer.status}, as if nothing was wrong: {shown(answer)}"
