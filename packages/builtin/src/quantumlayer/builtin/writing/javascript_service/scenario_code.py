"""Stories as the code of tests."""

from collections.abc import Iterable, Iterator

from quantumlayer.builtin.writing.javascript_service.literals import (
    key_code,
    quoted,
    sent,
)
from quantumlayer.builtin.writing.javascript_service.names import (
    camel,
    names_of,
    unreserved,
)
from quantumlayer.builtin.writing.javascript_service.printing import (
    Doc,
    array,
    call,
    layout,
    record,
)
from quantumlayer.builtin.writing.naming import sentence, statement_slug, words
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.recipes import (
    Changes,
    Given,
    Parent,
    Ref,
)
from quantumlayer.builtin.writing.service.scenarios import (
    Delete,
    Make,
    Patch,
    Post,
    Race,
    Reason,
    ReportTest,
    Scenario,
    Step,
    given_names,
    merged,
)

_TAKEN = frozenset(
    {"client", "make", "bodies", "answered", "statuses", "at", "report", "assert", "t"}
)


def scenario_tests(view: ServiceView, scenarios: Iterable[Scenario]) -> list[str]:
    """Tests, each title once."""
    found: dict[str, str] = {}
    for scenario in scenarios:
        title = scenario_title(scenario)
        if title not in found:
            found[title] = _test(view, title, scenario.steps, ())
    return list(found.values())


def scenario_title(scenario: Scenario) -> str:
    """`R4: members can have at most 5 open loans — refuses one more`."""
    prefix = f"{statement_slug(scenario.statement)}_"
    name = scenario.slug.removeprefix(prefix)
    if name == scenario.slug:
        name = scenario.slug.partition("_is_unique_")[2]
    return titled(scenario.requirement, f"{_clause(scenario.statement)} — {words(name)}")


def titled(requirement: str | None, title: str) -> str:
    """A title that begins with the requirement."""
    return f"{requirement}: {title}" if requirement else title


def _clause(statement: str) -> str:
    text = sentence(statement).rstrip(".")
    second = text[1:2]
    return text if second.isupper() else text[:1].lower() + text[1:]


def report_test(view: ServiceView, test: ReportTest) -> str:
    """The test of a report over a few records."""
    used = {value.name for row in test.rows for value in row.values() if isinstance(value, Ref)}
    rows: Doc = array(object_code(view, row) for row in test.rows)
    path = quoted(f"/reports{test.report.path}")
    last: list[Doc] = [
        f"const report = await client.get({path});",
        (call("assert.deepEqual", ["report.body.items", rows]), ";"),
    ]
    aggregation = test.report.aggregation
    name = f"{_clause(aggregation.statement)} — {words(test.name)}"
    title = titled(aggregation.requirement, name)
    return _test(view, title, test.steps, last, frozenset(used))


def _test(
    view: ServiceView,
    title: str,
    steps: Iterable[Step],
    last: Iterable[Doc],
    more: frozenset[str] = frozenset(),
) -> str:
    listed = list(steps)
    used = frozenset(given_names(listed)) | more
    owners = {step.name: step.entity for step in listed if isinstance(step, Make) and step.name}
    docs = [doc for step in merged(listed, used) for doc in _step(view, step, used, owners)]
    lines = [layout(doc, indent=2) for doc in (*docs, *last)]
    body = "\n".join(f"  {line}" for line in lines)
    parts = [name for name in ("client", "make") if f"{name}." in body]
    start = f"  const {{ {', '.join(parts)} }} = await startService(t);"
    return f"test({quoted(title)}, async (t) => {{\n{start}\n{body}\n}});"


def _step(
    view: ServiceView, step: Step, used: frozenset[str], owners: dict[str, EntityView]
) -> Iterator[Doc]:
    match step:
        case Make():
            yield from _make(view, step, used)
        case Post():
            asked = call("client.post", [quoted(step.entity.path), body_code(view, step)])
            yield _answered(asked, 201, step.refused)
        case Patch():
            changes = object_code(view, step.changes)
            asked = call("client.patch", [_at(step.name, owners), changes])
            yield _answered(asked, 200, step.refused)
        case Delete():
            asked = call("client.delete", [_at(step.name, owners)])
            yield _answered(asked, 204, step.refused)
            if step.gone:
                asked = call("client.get", [_at(step.gone, owners)])
                yield _answered(asked, 404, None)
        case Race():
            yield from _race(view, step)


def _make(view: ServiceView, step: Make, used: frozenset[str]) -> Iterator[Doc]:
    maker = f"make.{names_of(view)[step.entity.name].maker}"
    made = ("await ", call(maker, _arguments(view, step.changes)), ";")
    if step.times > 1:
        inner = layout(made, indent=4)
        yield f"for (let made = 0; made < {step.times}; made += 1) {{\n    {inner}\n  }}"
    elif step.name in used:
        yield (f"const {variable(step.name)} = ", made)
    else:
        yield made


def _answered(asked: Doc, status: int, refused: Reason | None) -> Doc:
    if refused is not None and refused.requirement is not None:
        return ("await ", call("refuses", [quoted(refused.requirement), asked]), ";")
    return ("await ", call("answers", [str(409 if refused else status), asked]), ";")


def _race(view: ServiceView, step: Race) -> Iterator[Doc]:
    one = layout(body_code(view, step), indent=4)
    yield "const bodies = [];"
    yield (
        f"for (let made = 0; made < {step.requests}; made += 1) {{\n    bodies.push({one});\n  }}"
    )
    yield (
        "const answered = await Promise.all("
        f"bodies.map((body) => client.post({quoted(step.entity.path)}, body)));"
    )
    yield "const statuses = answered.map(({ status }) => status).sort();"
    refused = step.requests - step.accepted
    expected: list[Doc] = [*["201"] * step.accepted, *["409"] * refused]
    yield (call("assert.deepEqual", ["statuses", array(expected)]), ";")


def body_code(view: ServiceView, step: Post | Race) -> Doc:
    """The body that the factory makes up."""
    maker = f"make.{names_of(view)[step.entity.name].maker}Body"
    return ("await ", call(maker, _arguments(view, step.changes)))


def _at(name: str, owners: dict[str, EntityView]) -> str:
    return f"at({quoted(owners[name].path)}, {variable(name)})"


def variable(name: str) -> str:
    """The variable of a named record."""
    return unreserved(camel(name), _TAKEN)


def _arguments(view: ServiceView, changes: Changes) -> list[Doc]:
    return [object_code(view, changes)] if changes else []


def object_code(view: ServiceView, changes: Changes) -> Doc:
    """Changes as an object."""
    return record((f"{key_code(k)}: ", value_code(view, v)) for k, v in changes.items())


def value_code(view: ServiceView, value: Given) -> Doc:
    """A value as it stands in a body."""
    if isinstance(value, Ref):
        return f"{variable(value.name)}.id"
    if isinstance(value, Parent):
        return ("(", parent_code(view, value), ").id")
    return sent(value)


def parent_code(view: ServiceView, parent: Parent, maker: str = "make") -> Doc:
    """The expression that makes a record in a state."""
    entity = view.entity(parent.entity)
    method = f"{maker}.{names_of(view)[entity.name].maker}"
    code: Doc = ("await ", call(method, _arguments(view, dict(parent.changes))))
    for patch in parent.patches:
        arguments = [quoted(entity.path), code, object_code(view, dict(patch))]
        code = ("await ", call(f"{maker}.changed", arguments))
    return code
