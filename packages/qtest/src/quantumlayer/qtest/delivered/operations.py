"""The operations of an OpenAPI document, in the order in which they can be tried: pure."""

import re
from dataclasses import dataclass
from typing import Any

from quantumlayer.qtest.delivered.made_up import MadeUp, at, list_of, table

METHODS = ("post", "get", "put", "patch", "delete")
MOST = 120
PARAMETER = re.compile(r"\{([^{}]+)\}")
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Parameter:
    """A value that stands in the path, the query or a header."""

    name: str
    place: str
    schema: dict[str, Any]
    required: bool
    example: object = None


@dataclass(frozen=True)
class Operation:
    """What can be asked of a service. `guarded`: it wants to know who asks.

    `media_type` is that of its body, empty without one, `body` what stands there in the document.
    """

    method: str
    path: str
    parameters: tuple[Parameter, ...]
    media_type: str
    body: dict[str, Any]
    needs_body: bool
    responses: dict[str, Any]
    guarded: bool

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.method.upper()} {self.path}"

    @property
    def of_one(self) -> bool:
        """Whether it is about something that its path names."""
        return PARAMETER.search(self.path) is not None


def operations_of(document: dict[str, Any]) -> list[Operation]:
    """All that can be tried: what creates first, what deletes last, wholes before their parts."""
    found = [one for path, item in table(document.get("paths")).items()
             for method in METHODS
             if (one := operation(document, str(path), method, item)) is not None]  # fmt: skip
    return sorted(found, key=turn)[:MOST]


def turn(one: Operation) -> tuple[int, int, int]:
    """When an operation has its turn."""
    depth = one.path.count("/")
    deletes = one.method == "delete"
    creates = one.method == "post" and any(code in one.responses for code in ("201", "202"))
    return (
        METHODS.index(one.method) if one.method != "patch" else METHODS.index("put"),
        -depth if deletes else len(PARAMETER.findall(one.path)),
        0 if creates else 1,
    )


def operation(document: dict[str, Any], path: str, method: str, item: object) -> Operation | None:
    """An operation of a path; None where there is none, or one with a body that is not tried."""
    made_up = MadeUp(document)
    item = made_up.resolved(item)
    told = at(item, method)
    if not isinstance(told, dict) or not path.startswith("/"):
        return None
    request = made_up.resolved(told.get("requestBody"))
    content = table(at(request, "content"))
    media_type = next((kind for kind in (JSON_TYPE, FORM_TYPE) if kind in content), "")
    if content and not media_type:
        return None
    named = [*list_of(at(item, "parameters")), *list_of(told.get("parameters"))]
    parameters = {(one.name, one.place): one for each in named
                  if (one := parameter(made_up, each)) is not None}  # fmt: skip
    security = told.get("security", document.get("security"))
    return Operation(
        method=method, path=path, parameters=tuple(parameters.values()), media_type=media_type,
        body=table(content.get(media_type)), needs_body=bool(at(request, "required")),
        responses={str(code): made_up.resolved(each)
                   for code, each in table(told.get("responses")).items()},
        guarded=bool(security) and {} not in list_of(security),
    )  # fmt: skip


def parameter(made_up: MadeUp, told: object) -> Parameter | None:
    told = made_up.resolved(told)
    place, name = at(told, "in"), at(told, "name")
    if place not in ("path", "query", "header") or not isinstance(name, str):
        return None
    required = place == "path" or at(told, "required") is True
    schema = table(made_up.resolved(at(told, "schema")))
    return Parameter(name, place, schema, required, at(told, "example"))
