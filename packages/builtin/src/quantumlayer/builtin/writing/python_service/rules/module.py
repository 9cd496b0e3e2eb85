"""A module of rules while it is written: its functions, where they are called, what they import."""

# ruff: noqa: S608 - this writes the code of queries; it runs none

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import indent

from quantumlayer.builtin.domain import Condition, FieldType, Rule
from quantumlayer.builtin.writing.naming import docstring, statement_slug
from quantumlayer.builtin.writing.python_service.conditions import (
    column,
    parent_variable,
    python_none,
    sql_all,
)
from quantumlayer.builtin.writing.service.model import (
    MOMENTS,
    EntityView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.references import looked_through, resolve

INDENT = "    "
STORED_AS_IS = frozenset({FieldType.DECIMAL, FieldType.TAGS, FieldType.BOOLEAN}) | MOMENTS
"""Types whose values are stored in another form than the record has them."""


@dataclass(frozen=True)
class Check:
    """A function that keeps one rule: its code, and how it is called."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    """Names and types."""
    purpose: str
    summary: str
    """What stands in the first line where the purpose is too long for it."""
    body: tuple[str, ...]
    imports: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        arguments = ", ".join(f"{name}: {kind}" for name, kind in self.parameters)
        body = "\n".join(f"{INDENT}{line}" if line else "" for line in self.body)
        said = indent(docstring(self.purpose, self.summary, 88), INDENT)
        return f"def {self.name}({arguments}) -> None:\n{said}\n{body}\n"

    def call(self, *arguments: str) -> str:
        """The statement that calls it."""
        return f"{self.name}({', '.join(arguments)})"

    @property
    def needs_connection(self) -> bool:
        return any(name == "connection" for name, _ in self.parameters)


@dataclass
class RuleModule:
    """What the rules module of one entity holds."""

    view: ServiceView
    entity: EntityView
    constants: dict[str, Rule] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    parents: dict[str, list[str]] = field(default_factory=dict)
    undeletable: str = ""
    """The constant of a rule that refuses every deletion."""

    @cached_property
    def text(self) -> str:
        """All the code, in which names that must be imported are looked for."""
        calls = (self.created, self.changed, self.deleted, *self.parents.values())
        return "\n".join([*(c.code for c in self.checks), *(c for group in calls for c in group)])

    @property
    def imports(self) -> tuple[str, ...]:
        return tuple(sorted({name for check in self.checks for name in check.imports}))

    @property
    def empty(self) -> bool:
        return not self.constants

    def parameters(self, calls: list[str]) -> list[tuple[str, str]]:
        """The parameters, with their types, that a function with these calls needs."""
        kind = self.entity.class_name
        known = (
            ("connection", "sqlite3.Connection"),
            (self.entity.variable, kind),
            ("before", kind),
            ("after", kind),
        )
        text = "\n".join(calls)
        return [pair for pair in known if re.search(rf"[(, ]{pair[0]}\b", text)]


@dataclass
class Draft:
    """One rule while its code is written into the module of its entity."""

    module: RuleModule
    rule: Rule
    constant: str

    @property
    def view(self) -> ServiceView:
        return self.module.view

    @property
    def entity(self) -> EntityView:
        return self.module.entity

    @property
    def record(self) -> str:
        return self.entity.variable

    @property
    def name(self) -> str:
        return f"{self.constant.lower()}_{statement_slug(self.rule.statement)}"

    @property
    def refusal(self) -> str:
        return f"raise RuleBrokenError({self.constant})"

    def add(
        self,
        body: Iterable[str],
        *,
        connection: bool,
        record: str | None = "",
        suffix: str = "",
        kind: str = "",
        imports: Iterable[str] = (),
    ) -> Check:
        parameters = [("connection", "sqlite3.Connection")] if connection else []
        if record is not None:
            parameters.append((record or self.record, kind or self.entity.class_name))
        check = Check(
            name=self.name + suffix,
            parameters=tuple(parameters),
            purpose=self.rule.statement,
            summary=f"Keep {self.rule.requirement}.",
            body=tuple(body),
            imports=frozenset(imports),
        )
        self.module.checks.append(check)
        return check

    def always(self, check: Check, *, on_change: bool = True) -> None:
        """Call the check for each new record and, where one can break the rule, each change."""
        connection = ("connection",) if check.needs_connection else ()
        takes_record = len(check.parameters) > len(connection)
        self.module.created.append(check.call(*connection, *([self.record] * takes_record)))
        if on_change:
            self.module.changed.append(check.call(*connection, *(["after"] * takes_record)))

    def when_parent_changes(self, target: EntityView, keys: Iterable[str], call: str) -> None:
        attributes = [target.field(key).attribute for key in dict.fromkeys(keys)]
        changed = " or ".join(f"after.{name} != before.{name}" for name in attributes)
        self.module.parents.setdefault(target.name, []).append(f"if {changed}:\n    {call}")

    def fetched(self, keys: Iterable[str]) -> tuple[list[str], list[str]]:
        """Lines that get the records that keys look through, and the imports they need."""
        lines, imports = [], []
        for reference in looked_through(self.view, self.entity, keys):
            target = self.view.target(reference)
            variable = parent_variable(self.entity, reference, target)
            value = f"{self.record}.{reference.attribute}"
            get = f"{target.slug}_repository.get(connection, {value})"
            lines.append(
                f"{variable} = None if {value} is None else {get}"
                if reference.nullable
                else f"{variable} = {get}"
            )
            imports.append(
                f"from {self.view.package}.{target.module} import repository "
                f"as {target.slug}_repository"
            )
        return lines, imports

    def guard(self, where: tuple[Condition, ...]) -> tuple[list[str], list[str]]:
        """Lines that leave where the record is not concerned, and the imports they need."""
        if not where:
            return [], []
        lines, imports = self.fetched(test.field for test in where)
        unmet = python_none(self.view, self.entity, where, self.record)
        return [*lines, f"if {unmet}:", f"{INDENT}return"], imports

    def bound(self, keys: Iterable[str], extra: Iterable[str] = ()) -> str:
        """The parameters of a statement, as code."""
        names = dict.fromkeys([*(key.partition(".")[0] for key in keys), *extra])
        fields = [self.entity.field(name) for name in names if name != "id"]
        pairs = [f'"{f.key}": {self.record}.{f.attribute}' for f in fields]
        if "id" in names:
            pairs.insert(0, f'"id": {self.record}.id')
        literal = "{" + ", ".join(pairs) + "}"
        return f"columns({literal})" if any(f.type in STORED_AS_IS for f in fields) else literal

    def _statement(self, select: str, terms: Iterable[str], tail: str = "") -> list[str]:
        conditions = [
            line
            for i, term in enumerate(terms)
            for line in f"{'  AND' if i else 'WHERE'} {term}".split("\n")
        ]
        return ['"""', *select.split("\n"), *conditions, *(tail.split("\n") if tail else []), '"""']

    def execute(self, select: str, terms: Iterable[str], values: str, tail: str = "") -> list[str]:
        statement = self._statement(select, terms, tail)
        return [
            "connection.execute(",
            *(f"{INDENT}{line}" for line in statement[:-1]),
            f"{INDENT}{statement[-1]}{',' if values else ''}",
            *([f"{INDENT}{values},"] if values else []),
            ").fetchone()",
        ]

    def watched(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The keys of other records that a rule looks at, by the reference it looks through."""
        found: dict[str, list[str]] = {}
        for key in keys:
            target_field, reference, _ = resolve(self.view, self.entity, key)
            if reference is not None:
                found.setdefault(reference.key, []).append(target_field.key)
        return found

    def grouped_check(
        self,
        per: tuple[str, ...],
        where: tuple[Condition, ...],
        having: str,
        reference_key: str,
        keys: list[str],
    ) -> None:
        target = self.view.target(self.entity.field(reference_key))
        terms = list(sql_all(self.view, self.entity, where))
        bound = ""
        if reference_key in per:
            terms.insert(0, f'"{reference_key}" = :id')
            bound = f'{{"id": {target.variable}.id}}'
        terms += [f"{column(key)} IS NOT NULL" for key in per if key != reference_key]
        group = ", ".join(column(key) for key in per) or "NULL"
        execute = self.execute(
            f'SELECT 1 FROM "{self.entity.table}"',
            terms,
            bound,
            f"GROUP BY {group}\nHAVING {having}",
        )
        self.parent_check(execute, target, keys, reference_key, uses_parent=bool(bound))

    def parent_check(
        self,
        execute: list[str],
        target: EntityView,
        keys: list[str],
        reference_key: str,
        *,
        uses_parent: bool = True,
    ) -> None:
        body = ["broken = " + execute[0], *execute[1:], "if broken:", f"{INDENT}{self.refusal}"]
        check = Check(
            name=f"{self.name}_after_{reference_key.removesuffix('_id')}_changed",
            parameters=(
                ("connection", "sqlite3.Connection"),
                *(((target.variable, target.class_name),) if uses_parent else ()),
            ),
            purpose=self.rule.statement,
            summary=f"Keep {self.rule.requirement}.",
            body=tuple(body),
        )
        self.module.checks.append(check)
        call = check.call("connection", *(("after",) if uses_parent else ()))
        self.when_parent_changes(target, keys, call)

    def add_change(
        self, body: list[str], *, connection: bool = False, imports: Iterable[str] = ()
    ) -> None:
        kind = self.entity.class_name
        check = Check(
            name=self.name,
            parameters=(
                *((("connection", "sqlite3.Connection"),) if connection else ()),
                ("before", kind),
                ("after", kind),
            ),
            purpose=self.rule.statement,
            summary=f"Keep {self.rule.requirement}.",
            body=tuple(body),
            imports=frozenset(imports),
        )
        self.module.checks.append(check)
        first = ("connection",) if connection else ()
        self.module.changed.append(check.call(*first, "before", "after"))
