"""The rules of an entity as Python functions that run inside the transaction of the change."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from quantumlayer.agents.builtin.writing.naming import sentence, statement_slug
from quantumlayer.agents.builtin.writing.python_service.conditions import (
    NEGATED,
    column,
    looked_through,
    parameter,
    parent_variable,
    python_all,
    python_literal,
    python_none,
    python_value,
    resolve,
    sql_all,
    sql_literal,
    symbol,
)
from quantumlayer.agents.builtin.writing.python_service.model import (
    MOMENTS,
    OTHER_PLACES,
    EntityView,
    FieldView,
    ServiceView,
    looks_away,
)
from quantumlayer.qlayer.requirements import (
    Comparison,
    Condition,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    FieldType,
    Immutable,
    NoOverlap,
    RelativeDate,
    Rule,
    SumLimit,
    Transitions,
    UniqueTogether,
)

_INDENT = "    "
_STORED_AS_IS = frozenset({FieldType.DECIMAL, FieldType.TAGS, FieldType.BOOLEAN}) | MOMENTS
_UNITS = 10**OTHER_PLACES


@dataclass(frozen=True)
class Check:
    """A function that keeps one rule: its code, and how it is called."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    """Names and types."""
    purpose: str
    body: tuple[str, ...]
    imports: frozenset[str] = frozenset()

    @property
    def code(self) -> str:
        arguments = ", ".join(f"{name}: {kind}" for name, kind in self.parameters)
        body = "\n".join(f"{_INDENT}{line}" if line else "" for line in self.body)
        return f'def {self.name}({arguments}) -> None:\n    """{self.purpose}"""\n{body}\n'

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


def rule_module(view: ServiceView, entity: EntityView) -> RuleModule:
    """The rules about `entity` that code keeps; those that an index keeps are not here."""
    module = RuleModule(view, entity)
    for rule in entity.rules:
        if isinstance(rule, UniqueTogether) and rule in entity.unique_rules:
            continue
        _Writer(module, rule, _constant(module, rule)).write()
    return module


def parents_of(view: ServiceView, entity: EntityView) -> tuple[EntityView, ...]:
    """The other entities whose rules look at `entity`, and must be checked when it changes."""
    return tuple(
        other for other in view.entities if entity.name in rule_module(view, other).parents
    )


def index_message(entity: EntityView, rule: UniqueTogether) -> str:
    """How SQLite names the unique index of a rule in its error."""
    if any("." in key for key in rule.fields):
        return f"index '{index_name(entity, rule)}'"
    return ", ".join(f"{entity.table}.{key}" for key in rule.fields)


def index_name(entity: EntityView, rule: UniqueTogether) -> str:
    """The name of the unique index that keeps a rule."""
    parts = "_".join(key.replace(".", "_") for key in rule.fields)
    number = entity.rules.index(rule)
    return f"{entity.table}_{rule.requirement.lower()}_{number}_{parts}"[:60].rstrip("_")


def _constant(module: RuleModule, rule: Rule) -> str:
    name, number = f"_{rule.requirement}", 1
    while name in module.constants:
        number += 1
        name = f"_{rule.requirement}_{number}"
    module.constants[name] = rule
    return name


@dataclass
class _Writer:
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

    def write(self) -> None:
        match self.rule:
            case CountLimit() | SumLimit():
                self._limit(self.rule)
            case UniqueTogether():
                self._together(self.rule)
            case NoOverlap():
                self._no_overlap(self.rule)
            case Comparison():
                self._comparison(self.rule)
            case RelativeDate():
                self._relative_date(self.rule)
            case Transitions():
                self._transitions(self.rule)
            case Immutable():
                self._immutable(self.rule)
            case ConditionalRequirement():
                self._conditional(self.rule)
            case DeleteRestricted():
                self._delete_restricted(self.rule)

    # What several kinds share

    @property
    def _refusal(self) -> str:
        return f"raise RuleBrokenError({self.constant})"

    def _add(
        self,
        body: Iterable[str],
        *,
        connection: bool,
        record: str | None = "",
        suffix: str = "",
        purpose: str = "",
        kind: str = "",
        imports: Iterable[str] = (),
    ) -> Check:
        parameters = [("connection", "sqlite3.Connection")] if connection else []
        if record is not None:
            parameters.append((record or self.record, kind or self.entity.class_name))
        check = Check(
            name=self.name + suffix,
            parameters=tuple(parameters),
            purpose=purpose or sentence(self.rule.statement),
            body=tuple(body),
            imports=frozenset(imports),
        )
        self.module.checks.append(check)
        return check

    def _always(self, check: Check) -> None:
        connection = ("connection",) if check.needs_connection else ()
        takes_record = len(check.parameters) > len(connection)
        self.module.created.append(check.call(*connection, *([self.record] * takes_record)))
        self.module.changed.append(check.call(*connection, *(["after"] * takes_record)))

    def _when_parent_changes(self, target: EntityView, keys: Iterable[str], call: str) -> None:
        attributes = [target.field(key).attribute for key in dict.fromkeys(keys)]
        changed = " or ".join(f"after.{name} != before.{name}" for name in attributes)
        self.module.parents.setdefault(target.name, []).append(f"if {changed}:\n    {call}")

    def _fetched(self, keys: Iterable[str]) -> tuple[list[str], list[str]]:
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

    def _guard(self, where: tuple[Condition, ...]) -> tuple[list[str], list[str]]:
        """Lines that leave where the record is not concerned, and the imports they need."""
        if not where:
            return [], []
        lines, imports = self._fetched(test.field for test in where)
        unmet = python_none(self.view, self.entity, where, self.record)
        return [*lines, f"if {unmet}:", f"{_INDENT}return"], imports

    def _bound(self, keys: Iterable[str], extra: Iterable[str] = ()) -> str:
        """The parameters of a statement, as code."""
        names = dict.fromkeys([*(key.partition(".")[0] for key in keys), *extra])
        fields = [self.entity.field(name) for name in names if name != "id"]
        pairs = [f'"{f.key}": {self.record}.{f.attribute}' for f in fields]
        if "id" in names:
            pairs.insert(0, f'"id": {self.record}.id')
        literal = "{" + ", ".join(pairs) + "}"
        return f"columns({literal})" if any(f.type in _STORED_AS_IS for f in fields) else literal

    def _statement(self, select: str, terms: Iterable[str], tail: str = "") -> list[str]:
        conditions = [
            line
            for i, term in enumerate(terms)
            for line in f"{'  AND' if i else 'WHERE'} {term}".split("\n")
        ]
        return ['"""', *select.split("\n"), *conditions, *(tail.split("\n") if tail else []), '"""']

    def _execute(self, select: str, terms: Iterable[str], values: str, tail: str = "") -> list[str]:
        statement = self._statement(select, terms, tail)
        return [
            "connection.execute(",
            *(f"{_INDENT}{line}" for line in statement[:-1]),
            f"{_INDENT}{statement[-1]}{',' if values else ''}",
            *([f"{_INDENT}{values},"] if values else []),
            ").fetchone()",
        ]

    # Limits on counts and sums

    def _limit(self, rule: CountLimit | SumLimit) -> None:
        guard, imports = self._guard(rule.where)
        measure, limit = self._measure(rule)
        terms = [f"{column(key)} = {parameter(key)}" for key in rule.per]
        terms += sql_all(self.view, self.entity, rule.where)
        selected = f"{measure} AS total"
        if rule.maximum_field:
            selected += f",\n       {self._limit_query(rule)} AS highest"
        execute = self._execute(
            f'SELECT {selected}\nFROM "{self.entity.table}"',
            terms,
            self._bound(rule.per) if rule.per else "",
        )
        if rule.maximum_field:
            test = ["total, highest = " + execute[0], *execute[1:]]
            test += ["if highest is not None and total > highest:", f"{_INDENT}{self._refusal}"]
        else:
            test = ["(total,) = " + execute[0], *execute[1:]]
            test += [f"if {self._over(rule, limit)}:", f"{_INDENT}{self._refusal}"]
        check = self._add(
            [*guard, *test],
            connection=True,
            imports=imports,
            record=self.record if rule.per or guard else None,
        )
        self._always(check)
        self._limit_seen_from_parents(rule, measure, limit)

    def _over(self, rule: CountLimit | SumLimit, limit: str) -> str:
        if isinstance(rule, SumLimit):
            summed = self.entity.field(rule.field)
            if summed.type is FieldType.DECIMAL:
                return f"from_units(total) > {python_literal(summed, rule.maximum or '0')}"
        return f"total > {limit}"

    def _measure(self, rule: CountLimit | SumLimit) -> tuple[str, str]:
        """What is limited, and the limit, both in SQL and in the units that are stored."""
        if isinstance(rule, CountLimit):
            return "count(*)", str(rule.maximum)
        summed = self.entity.field(rule.field)
        total = f'coalesce(sum("{summed.key}"), 0)'
        if rule.maximum_field:
            _, highest = self._limit_field(rule)
            if highest.type is FieldType.DECIMAL and summed.type is not FieldType.DECIMAL:
                total = f"{total} * {_UNITS}"
            return total, ""
        return total, sql_literal(summed, rule.maximum or "0")

    def _limit_field(self, rule: CountLimit | SumLimit) -> tuple[FieldView, FieldView]:
        """The reference whose record holds the limit, and the field that is the limit."""
        for key in rule.per:
            found = self.entity.field(key.partition(".")[0])
            if found.type is FieldType.REFERENCE:
                target = self.view.target(found)
                name = (rule.maximum_field or "").rpartition(".")[2]
                if any(name in (f.key, f.field.name) for f in target.fields):
                    return found, target.field(name)
        raise ValueError(f"{rule.requirement}: no `per` reference has {rule.maximum_field!r}")

    def _limit_query(self, rule: CountLimit | SumLimit, owner: str = "") -> str:
        reference, highest = self._limit_field(rule)
        target = self.view.target(reference)
        scale = ""
        if isinstance(rule, SumLimit) and highest.type is not FieldType.DECIMAL:
            decimal_sum = self.entity.field(rule.field).type is FieldType.DECIMAL
            scale = f" * {_UNITS}" if decimal_sum else ""
        of = owner or f":{reference.key}"
        return (
            f'(SELECT "target"."{highest.key}"{scale} FROM "{target.table}" AS "target"'
            f'\n        WHERE "target"."id" = {of})'
        )

    def _limit_seen_from_parents(
        self, rule: CountLimit | SumLimit, measure: str, limit: str
    ) -> None:
        watched = self._watched(test.field for test in rule.where)
        highest_of = None
        if rule.maximum_field:
            highest_of, highest = self._limit_field(rule)
            watched.setdefault(highest_of.key, []).append(highest.key)
            limit = self._limit_query(rule, f'"{self.entity.table}"."{highest_of.key}"')
        for reference_key, keys in watched.items():
            having = (
                f"{measure}\n       > {limit}" if rule.maximum_field else f"{measure} > {limit}"
            )
            self._grouped_check(rule.per, rule.where, having, reference_key, keys)

    def _watched(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The keys of other records that a rule looks at, by the reference it looks through."""
        found: dict[str, list[str]] = {}
        for key in keys:
            target_field, reference, _ = resolve(self.view, self.entity, key)
            if reference is not None:
                found.setdefault(reference.key, []).append(target_field.key)
        return found

    def _grouped_check(
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
        execute = self._execute(
            f'SELECT 1 FROM "{self.entity.table}"',
            terms,
            bound,
            f"GROUP BY {group}\nHAVING {having}",
        )
        self._parent_check(execute, target, keys, reference_key, uses_parent=bool(bound))

    def _parent_check(
        self,
        execute: list[str],
        target: EntityView,
        keys: list[str],
        reference_key: str,
        *,
        uses_parent: bool = True,
    ) -> None:
        body = ["broken = " + execute[0], *execute[1:], "if broken:", f"{_INDENT}{self._refusal}"]
        check = Check(
            name=f"{self.name}_after_{reference_key.removesuffix('_id')}_changed",
            parameters=(
                ("connection", "sqlite3.Connection"),
                *(((target.variable, target.class_name),) if uses_parent else ()),
            ),
            purpose=sentence(self.rule.statement),
            body=tuple(body),
        )
        self.module.checks.append(check)
        call = check.call("connection", *(("after",) if uses_parent else ()))
        self._when_parent_changes(target, keys, call)

    def _together(self, rule: UniqueTogether) -> None:
        guard, imports = self._guard(rule.where)
        terms = [f"{column(key)} = {parameter(key)}" for key in rule.fields]
        terms += sql_all(self.view, self.entity, rule.where)
        execute = self._execute(
            f'SELECT count(*) FROM "{self.entity.table}"', terms, self._bound(rule.fields)
        )
        body = [
            "(total,) = " + execute[0],
            *execute[1:],
            "if total > 1:",
            f"{_INDENT}{self._refusal}",
        ]
        self._always(self._add([*guard, *body], connection=True, imports=imports))
        for reference_key, keys in self._watched(test.field for test in rule.where).items():
            self._grouped_check(rule.fields, rule.where, "count(*) > 1", reference_key, keys)

    # Intervals

    def _no_overlap(self, rule: NoOverlap) -> None:
        start, end = self.entity.field(rule.start), self.entity.field(rule.end)
        guard, imports = self._guard(rule.where)
        body = [*guard, *self._inverted(rule, start, end)]
        begins_before = f'"{start.key}" < :{end.key}'
        ends_after = f'"{end.key}" > :{start.key}'
        if end.nullable:
            begins_before = f"(:{end.key} IS NULL OR {begins_before})"
            ends_after = f'("{end.key}" IS NULL OR {ends_after})'
        terms = ['"id" <> :id', *(f"{column(key)} = {parameter(key)}" for key in rule.per)]
        terms += [begins_before, ends_after, *sql_all(self.view, self.entity, rule.where)]
        execute = self._execute(
            f'SELECT 1 FROM "{self.entity.table}"',
            terms,
            self._bound([*rule.per, start.key, end.key], ["id"]),
        )
        body += ["overlapped = " + execute[0], *execute[1:], "if overlapped:"]
        check = self._add([*body, f"{_INDENT}{self._refusal}"], connection=True, imports=imports)
        self._always(check)
        for reference_key, keys in self._watched(test.field for test in rule.where).items():
            self._overlap_seen_from_parent(rule, reference_key, keys)

    def _inverted(self, rule: NoOverlap, start: FieldView, end: FieldView) -> list[str]:
        """Lines that refuse an end before the start, where no rule of its own does."""
        pair = {start.key, end.key}
        for other in self.entity.rules:
            if isinstance(other, Comparison) and {other.left, other.right} == pair:
                return []
        compared = f"{self.record}.{end.attribute} < {self.record}.{start.attribute}"
        present = [f"{self.record}.{f.attribute} is not None" for f in (start, end) if f.nullable]
        return [f"if {' and '.join([*present, compared])}:", f"{_INDENT}{self._refusal}"]

    def _overlap_seen_from_parent(
        self, rule: NoOverlap, reference_key: str, keys: list[str]
    ) -> None:
        end = self.entity.field(rule.end)
        target = self.view.target(self.entity.field(reference_key))
        until = [f'"{name}"."{end.key}"' for name in ("a", "b")]
        if end.nullable:
            until = [f"coalesce({name}, '9999')" for name in until]
        terms = ['"a"."id" < "b"."id"']
        terms += [f"{column(key, 'a')} = {column(key, 'b')}" for key in rule.per]
        terms += [f'"a"."{rule.start}" < {until[1]}', f'"b"."{rule.start}" < {until[0]}']
        for name in ("a", "b"):
            terms += sql_all(self.view, self.entity, rule.where, name)
        table = self.entity.table
        execute = self._execute(f'SELECT 1 FROM "{table}" AS "a", "{table}" AS "b"', terms, "")
        self._parent_check(execute, target, keys, reference_key, uses_parent=False)

    # Rules within one record

    def _comparison(self, rule: Comparison) -> None:
        left, left_nullable, left_field = python_value(
            self.view, self.entity, rule.left, self.record
        )
        right, right_nullable, right_field = python_value(
            self.view, self.entity, rule.right, self.record
        )
        lines, imports = self._fetched([rule.left, rule.right])
        left_day, right_day = _same_kind(left, left_field, right, right_field)
        present = [
            f"{value} is not None"
            for value, nullable in ((left, left_nullable), (right, right_nullable))
            if nullable
        ]
        broken = f"{left_day} {symbol(NEGATED[rule.operator])} {right_day}"
        body = [*lines, f"if {' and '.join([*present, broken])}:", f"{_INDENT}{self._refusal}"]
        self._always(self._add(body, connection=bool(lines), imports=imports))
        for reference_key, keys in self._watched([rule.left, rule.right]).items():
            self._comparison_seen_from_parent(rule, reference_key, keys)

    def _comparison_seen_from_parent(
        self, rule: Comparison, reference_key: str, keys: list[str]
    ) -> None:
        target = self.view.target(self.entity.field(reference_key))

        def value(key: str) -> str:
            found, reference, _ = resolve(self.view, self.entity, key)
            return f":{found.key}" if reference is not None else column(key)

        sign = {"==": "=", "!=": "<>"}.get(
            symbol(NEGATED[rule.operator]), symbol(NEGATED[rule.operator])
        )
        terms = [f'"{reference_key}" = :id', f"{value(rule.left)} {sign} {value(rule.right)}"]
        pairs = ", ".join(
            f'"{key}": {target.variable}.{target.field(key).attribute}'
            for key in dict.fromkeys(keys)
        )
        values = f'{{"id": {target.variable}.id, {pairs}}}'
        if any(target.field(key).type in _STORED_AS_IS for key in keys):
            values = f"columns({values})"
        execute = self._execute(f'SELECT 1 FROM "{self.entity.table}"', terms, values)
        self._parent_check(execute, target, keys, reference_key)

    def _relative_date(self, rule: RelativeDate) -> None:
        dated = self.entity.field(rule.field)
        value = f"{self.record}.{dated.attribute}"
        moment = dated.type is FieldType.DATETIME
        by_day = moment and rule.direction.endswith("today")
        compared = f"{value}.date()" if by_day else value
        reference = "clock.now()" if moment and not by_day else "clock.today()"
        sign = {"past": ">=", "past_or_today": ">", "future": "<=", "future_or_today": "<"}
        present = f"{value} is not None and " if dated.nullable else ""
        broken = f"if {present}{compared} {sign[rule.direction]} {reference}:"
        check = self._add([broken, f"{_INDENT}{self._refusal}"], connection=False)
        self.module.created.append(check.call(self.record))
        changed = f"after.{dated.attribute} != before.{dated.attribute}"
        self.module.changed.append(f"if {changed}:\n    {check.call('after')}")

    def _conditional(self, rule: ConditionalRequirement) -> None:
        tests = (*rule.where, *rule.then)
        lines, imports = self._fetched(test.field for test in tests)
        unmet = python_none(self.view, self.entity, rule.then, self.record)
        concerned = python_all(self.view, self.entity, rule.where, self.record)
        broken = f"{concerned} and {unmet}" if concerned else unmet
        body = [*lines, f"if {broken}:", f"{_INDENT}{self._refusal}"]
        check = self._add(body, connection=bool(lines), imports=imports)
        if rule.on == "always":
            self._always(check)
            for reference_key, keys in self._watched(test.field for test in tests).items():
                self._conditional_seen_from_parent(rule, reference_key, keys)
            return
        connection = ("connection",) if check.needs_connection else ()
        self.module.created.append(check.call(*connection, self.record))
        references = looked_through(self.view, self.entity, (test.field for test in tests))
        if references:
            moved = " or ".join(f"after.{r.attribute} != before.{r.attribute}" for r in references)
            self.module.changed.append(f"if {moved}:\n    {check.call(*connection, 'after')}")

    def _conditional_seen_from_parent(
        self, rule: ConditionalRequirement, reference_key: str, keys: list[str]
    ) -> None:
        target = self.view.target(self.entity.field(reference_key))
        then = " AND ".join(sql_all(self.view, self.entity, rule.then))
        terms = [f'"{reference_key}" = :id', *sql_all(self.view, self.entity, rule.where)]
        terms.append(f"NOT coalesce({then}, FALSE)")
        execute = self._execute(
            f'SELECT 1 FROM "{self.entity.table}"', terms, f'{{"id": {target.variable}.id}}'
        )
        self._parent_check(execute, target, keys, reference_key)

    # Rules about how a record may change

    def _transitions(self, rule: Transitions) -> None:
        moving = self.entity.field(rule.field)
        attribute = moving.attribute
        if rule.initial is not None:
            initial = python_literal(moving, rule.initial)
            check = self._add(
                [f"if {self.record}.{attribute} != {initial}:", f"{_INDENT}{self._refusal}"],
                connection=False,
                suffix="_starts",
            )
            self.module.created.append(check.call(self.record))
        pairs = ", ".join(
            f"({python_literal(moving, a)}, {python_literal(moving, b)})" for a, b in rule.allowed
        )
        body = [
            f"allowed = {{{pairs}}}",
            f"moved = after.{attribute} != before.{attribute}",
            f"if moved and (before.{attribute}, after.{attribute}) not in allowed:",
            f"{_INDENT}{self._refusal}",
        ]
        self._add_change(body)

    def _add_change(
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
            purpose=sentence(self.rule.statement),
            body=tuple(body),
            imports=frozenset(imports),
        )
        self.module.checks.append(check)
        first = ("connection",) if connection else ()
        self.module.changed.append(check.call(*first, "before", "after"))

    def _immutable(self, rule: Immutable) -> None:
        keys = rule.fields or tuple(f.key for f in self.entity.fields)
        fields = [self.entity.field(key) for key in keys]
        original, self_record = self.entity, "before"
        where = python_all(self.view, original, rule.where, self_record)
        lines, imports = self._fetched(test.field for test in rule.where)
        lines = [line.replace(f"{self.record}.", f"{self_record}.") for line in lines]
        if rule.fields:
            changes = [f"after.{f.attribute} != before.{f.attribute}" for f in fields]
            changed = " or ".join(changes)
        else:
            excluded = '{"updated_at"}'
            changed = (
                f"after.model_dump(exclude={excluded}) != before.model_dump(exclude={excluded})"
            )
        if where and " or " in changed:
            changed = f"({changed})"
        broken = f"{where} and {changed}" if where else changed
        self._add_change(
            [*lines, f"if {broken}:", f"{_INDENT}{self._refusal}"],
            connection=bool(lines),
            imports=imports,
        )
        if not rule.deletable:
            self._undeletable(rule)

    def _undeletable(self, rule: Immutable) -> None:
        lines, imports = self._fetched(test.field for test in rule.where)
        where = python_all(self.view, self.entity, rule.where, self.record)
        if where:
            body = [*lines, f"if {where}:", f"{_INDENT}{self._refusal}"]
            check = self._add(body, connection=bool(lines), suffix="_stays", imports=imports)
            first = ("connection",) if lines else ()
            self.module.deleted.append(check.call(*first, self.record))
        else:
            self.module.undeletable = self.constant

    def _delete_restricted(self, rule: DeleteRestricted) -> None:
        by = self.view.entity(rule.by)
        reference = by.field(rule.by_field)
        terms = [f'"{reference.key}" = :id', *sql_all(self.view, by, rule.where)]
        execute = self._execute(f'SELECT 1 FROM "{by.table}"', terms, f'{{"id": {self.record}.id}}')
        body = ["kept = " + execute[0], *execute[1:], "if kept:", f"{_INDENT}{self._refusal}"]
        check = self._add(body, connection=True)
        self.module.deleted.append(check.call("connection", self.record))


def _same_kind(
    left: str, left_field: FieldView, right: str, right_field: FieldView
) -> tuple[str, str]:
    """Values that compare: of a day and a moment, the moment's day."""
    kinds = {left_field.type, right_field.type}
    if kinds != {FieldType.DATE, FieldType.DATETIME}:
        return left, right
    moment = FieldType.DATETIME
    return (
        f"{left}.date()" if left_field.type is moment else left,
        f"{right}.date()" if right_field.type is moment else right,
    )


__all__ = ["RuleModule", "index_message", "index_name", "looks_away", "parents_of", "rule_module"]
