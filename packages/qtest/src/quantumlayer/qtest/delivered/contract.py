"""What can be written and read back, by the service's own contract: OpenAPI as it answers with.

The contract is the service's word and no promise of the delivery: what cannot be made of it leaves
a rung out, and never breaks it.
"""

import json
import re
from collections.abc import Iterator, Sequence

from quantumlayer.qtest.delivered.calling import NoAnswer, call
from quantumlayer.qtest.delivered.made_up import MadeUp, at, table
from quantumlayer.qtest.delivered.model import Exchange
from quantumlayer.qtest.delivered.starter import Running

MOST = 6
MOST_PATHS = 400
JSON_TYPE = "application/json"
PARAMETER = re.compile(r"\{([^{}]+)\}")
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:@-]*")


async def described(running: Running, path: str) -> tuple[Exchange, ...]:
    """The exchanges that a service describes at a path; none where it describes nothing."""
    if not path:
        return ()
    try:
        answer = await call(running, path)
        document = json.loads(answer.body) if answer.status == 200 else {}
    except (NoAnswer, ValueError, RecursionError):
        return ()
    return exchanges_of(document)


def exchanges_of(document: object) -> tuple[Exchange, ...]:
    """What can be written alone and read at a place of its own, the simplest first."""
    paths = list(table(at(document, "paths")))[:MOST_PATHS]
    found = [one for path in paths for one in exchanges_at(document, path, paths)]
    return tuple(sorted(found, key=lambda one: (needs(one), len(one.body), one.path))[:MOST])


def needs(exchange: Exchange) -> int:
    """How many fields point to something that would have to be there before."""
    return sum(name.lower().endswith("id") for name in exchange.body)


def exchanges_at(document: object, path: str, paths: Sequence[str]) -> Iterator[Exchange]:
    made_up = MadeUp(document)
    write = at(document, "paths", path, "post")
    body = at(made_up.resolved(at(write, "requestBody")), "content", JSON_TYPE)
    reading = next((other for other in paths if is_of_one(other, path)
                    and at(document, "paths", other, "get")), None)  # fmt: skip
    if body is None or reading is None or PARAMETER.search(path):
        return
    if guarded(document, write) or guarded(document, at(document, "paths", reading, "get")):
        return
    value = made_up.example(body)
    if not isinstance(value, dict):
        return
    expects = next((text for text in value.values()
                    if isinstance(text, str) and PLAIN.fullmatch(text)), None)  # fmt: skip
    if expects is not None:
        field = field_of(made_up, write, PARAMETER.findall(reading)[0])
        read_path = PARAMETER.sub(f"{{{field}}}", reading)
        yield Exchange(path=path, body=value, read_path=read_path, expects=expects)


def is_of_one(path: str, collection: str) -> bool:
    """Whether a path is that of one element of a collection."""
    rest = path.removeprefix(collection.rstrip("/"))
    return rest != path and PARAMETER.fullmatch(rest.strip("/")) is not None


def guarded(document: object, operation: object) -> bool:
    """Whether an operation wants to know who asks."""
    own = at(operation, "security")
    return bool(at(document, "security") if own is None else own)


def field_of(made_up: MadeUp, write: object, parameter: str) -> str:
    """The field of the answer to a write that goes into the path by which it is read."""
    for status in ("201", "200"):
        content = at(made_up.resolved(at(write, "responses", status)), "content", JSON_TYPE)
        properties = at(made_up.resolved(at(content, "schema")), "properties")
        if parameter in table(properties):
            return parameter
    return "id"
