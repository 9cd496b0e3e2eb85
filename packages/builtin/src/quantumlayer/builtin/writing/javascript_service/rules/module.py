"""What the rules module of one entity holds, and the functions that keep rules."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from quantumlayer.builtin.domain import Condition, Rule
from quantumlayer.builtin.writing.javascript_service.expressions import tests_code, value_of
from quantumlayer.builtin.writing.javascript_service.literals import member, quoted
from quantumlayer.builtin.writing.javascript_service.names import (
    RESERVED,
    Names,
    camel,
    names_of,
)
from quantumlayer.builtin.writing.javascript_service.printing import (
    NOTHING,
    SPACE,
    Broken,
    Doc,
    Group,
    Indented,
    all_of,
    condition,
    layout,
    record,
    returned,
)
from quantumlayer.builtin.writing.naming import sentence, statement_slug
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    ServiceView,
    looks_away,
)
from quantumlayer.builtin.writing.service.references import resolve

_SCOPE = ("tables", "now")
_TYPES = {"tables": "Tables", "now": "Date"}


@dataclass(frozen=True)
class Check:
    """A function that keeps a rule: `parameters` are names out of tables, now and records."""

    name: str
    parameters: tuple[str, ...]

    def call(self, *records: str) -> str:
        """The expression that calls it with these records."""
        scope = [name for name in self.parameters if name in _SCOPE]
        return f"{self.name}({', '.join([*scope, *records])})"


@dataclass
class RuleModule:
    """What the rules module of one entity holds."""

    view: ServiceView
    entity: EntityView
    rules: dict[str, Rule] = field(default_factory=dict)
    """The rules by the names of their constants."""
    blocks: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    parents: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @property
    def own(self) -> Names:
        return names_of(self.view)[self.entity.name]

    @property
    def text(self) -> str:
        """All the code, in which names that must be imported are looked for."""
        return "\n".join(self.blocks)

    @property
    def empty(self) -> bool:
        return not self.blocks

    @property
    def constants(self) -> tuple[str, ...]:
        """The rules, as the errors name them."""
        return tuple(
            layout((f"const {name} = ", rule_record(rule.statement, rule.requirement), ";"))
            for name, rule in self.rules.items()
        )

    def add(self, name: str, rule: Rule) -> str:
        """A constant for a rule; its name."""
        self.rules[name] = rule
        return name

    def function(
        self,
        name: str,
        records: dict[str, str],
        lines: Iterable[str],
        purpose: str,
        *,
        exported: bool = False,
        returns: str = "",
    ) -> Check:
        """Add a function over records (names with types) that asks for what its lines use."""
        body = "\n".join(f"  {line}".replace("\n", "\n  ").rstrip() for line in lines)
        body = re.sub(r"\n +\n", "\n\n", body)
        used = [each for each in _SCOPE if re.search(rf"\b{each}\b(?!:)", body)]
        if exported:
            first = f"{{ {', '.join(used)} }}" if used else "_scope"
            given = {"scope" if used else first: "Scope", **records}
            parameters = [first, *records]
        else:
            given = {**{each: _TYPES[each] for each in used}, **records}
            parameters = list(given)
        documented = [f" * @param {{{kind}}} {each}" for each, kind in given.items()]
        documented += [f" * @returns {{{returns}}}"] if returns else []
        head = f"{'export ' if exported else ''}function {name}({', '.join(parameters)}) {{"
        comment = "\n".join(["/**", f" * {purpose}", " *", *documented, " */"])
        self.blocks.append(f"{comment}\n{head}\n{body}\n}}")
        return Check(name, tuple(parameters))

    def fresh(self, name: str) -> str:
        """A name that nothing in the module has."""
        found, number = name, 1
        while found in self.names or found in RESERVED:
            number += 1
            found = f"{name}{number}"
        self.names.add(found)
        return found


def rule_record(statement: str, requirement: str | None, taken: str = "") -> Doc:
    """A rule as errors carry it."""
    members: list[Doc] = [member("statement", quoted(sentence(statement)))]
    if requirement is not None:
        members.append(member("requirement", quoted(requirement)))
    if taken:
        members.append(member("field", quoted(taken)))
    return record(members)


@dataclass
class RuleWriter:
    """Writes the functions of one rule into the module."""

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
    def variable(self) -> str:
        return self.module.own.variable

    @property
    def table(self) -> str:
        return f"tables.{self.module.own.table}"

    @property
    def refusal(self) -> str:
        return f"throw new RuleBroken({self.constant});"

    @property
    def purpose(self) -> str:
        return f"{self.rule.requirement}: {sentence(self.rule.statement)}".replace("*/", "* /")

    def check(self, lines: Iterable[str], *, suffix: str = "") -> Check:
        """A function over one record."""
        name = self.module.fresh(camel(statement_slug(self.rule.statement)) + suffix)
        return self.module.function(
            name, {self.variable: self.module.own.type}, lines, self.purpose
        )

    def check_change(self, lines: Iterable[str]) -> Check:
        """A function over a record as it was and as it is to be."""
        kind = self.module.own.type
        name = self.module.fresh(camel(statement_slug(self.rule.statement)))
        return self.module.function(name, {"before": kind, "after": kind}, lines, self.purpose)

    def always(self, check: Check) -> None:
        """Call the check on creation and on change."""
        self.module.created.append(f"{check.call(self.variable)};")
        self.module.changed.append(f"{check.call('after')};")

    def concerns(self, where: tuple[Condition, ...]) -> Check | None:
        """The function that tells whether the rule looks at a record."""
        if not where:
            return None
        tests = tests_code(self.view, self.entity, where, self.variable)
        name = self.module.fresh(f"concerns{self.constant.replace('_', '')}")
        purpose = f"Whether {self.rule.requirement} looks at {self.entity.one}."
        lines = [layout(returned(tests), indent=2)]
        found = [line.replace("\n  ", "\n") for line in lines]
        return self.module.function(
            name, {self.variable: self.module.own.type}, found, purpose, returns="boolean"
        )

    def seen_from_parents(self, check: Check, keys: Iterable[str]) -> None:
        """Check again when a record changes in what the rule sees through a reference."""
        watched: dict[str, list[str]] = {}
        for key in keys:
            seen, reference, _ = resolve(self.view, self.entity, key)
            if reference is not None:
                watched.setdefault(reference.key, []).append(seen.key)
        for reference_key, members in watched.items():
            self.watch(check, reference_key, members)

    def watch(self, check: Check, reference_key: str, members: list[str]) -> None:
        """Check the records that point to a record when one of its members changes."""
        target = self.view.target(self.entity.field(reference_key))
        tests = [f"after.{key} !== before.{key}" for key in dict.fromkeys(members)]
        loop = f'for (const {self.variable} of {self.table}.by("{reference_key}", after.id)) {{'
        lines = [
            f"if ({' || '.join(tests)}) {{",
            f"  {loop}",
            f"    {check.call(self.variable)};",
            "  }",
            "}",
        ]
        self.module.parents.setdefault(target.name, []).append("\n".join(lines))

    def group(
        self, keys: tuple[str, ...], concerns: Check | None, name: str, extra: tuple[str, ...] = ()
    ) -> list[str]:
        """Lines that find the records that share the keys, and of which the rule takes notice."""
        record_, guards, tests = self.variable, [], []
        source = f"{self.table}.all()"
        indexed = ""
        for key in keys:
            field_ = self.entity.field(key.partition(".")[0])
            if field_.nullable:
                guards += [f"if ({record_}.{field_.key} === null) {{", "  return;", "}"]
            is_reference = field_ in self.entity.references and "." not in key
            if is_reference and not indexed:
                indexed = field_.key
                source = f'{self.table}.by("{field_.key}", {record_}.{field_.key})'
                continue
            left = value_of(self.view, self.entity, key, "other").code
            right = value_of(self.view, self.entity, key, record_).code
            tests.append(f"{left} === {right}")
        tests += extra
        if concerns is not None and not tests and len(concerns.parameters) == 1:
            return [*guards, f"const {name} = {source}.filter({concerns.name});"]
        tests += [concerns.call("other")] if concerns is not None else []
        if not tests:
            return [*guards, f"const {name} = {source};"]
        return [*guards, f"const others = {source};", filtered(name, "others", tests)]

    def unless_concerned(self, concerns: Check | None) -> list[str]:
        """Lines that leave where the rule does not look at the record."""
        if concerns is None:
            return []
        return [f"if (!{concerns.call(self.variable)}) {{", "  return;", "}"]

    def refused_if(self, *tests: str, any_of: bool = False) -> list[str]:
        """Lines that refuse the change where all (or any) tests hold."""
        return refused(list(tests), self.refusal, "||" if any_of else "&&")


def filtered(name: str, source: str, tests: list[str]) -> str:
    """`const name = source.filter((other) => …);`."""
    body = Group((Indented((SPACE, *all_of(tests))),))
    arrow: Doc = Group(("(other) =>", body))
    whole = Group(
        (
            f"const {name} = {source}.filter(",
            Indented((NOTHING, arrow, Broken(","))),
            NOTHING,
            ");",
        )
    )
    return _inside(layout(whole, indent=2))


def refused(tests: list[str], refusal: str, operator: str = "&&") -> list[str]:
    """`if (…) { throw … }`."""
    head = condition("if", tests, operator)
    return [_inside(layout(head, indent=2)), f"  {refusal}", "}"]


def _inside(text: str) -> str:
    """Code that was laid out inside a function, as it stands before it is indented."""
    return text.replace("\n  ", "\n")


def away(tests: Iterable[Condition]) -> tuple[str, ...]:
    """The keys of conditions that look at another record."""
    return tuple(test.field for test in tests if looks_away(test))
