"""Values of expressions in Gradle's build files, as far as they are plain: nothing is run."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = str | list["Value"] | dict[str, "Value"]
_TOKEN = re.compile(
    r"\s*(?:(?P<string>\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|\$\{[^{}]*\}|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    r"|(?P<name>[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*)*)|(?P<number>\d[\w.]*)"
    r"|(?P<mark>\?:|[-+()\[\],:=!]|\.))",
    re.DOTALL,
)
_INSIDE = re.compile(r"\$\{([^{}]*)\}|\$([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_OWNERS = re.compile(
    r"^(?:project\.ext|rootProject\.ext|rootProject\.extra|project\.extra|project|rootProject|ext"
    r"|extra|this|gradle\.ext|properties|project\.properties|rootProject\.properties)\."
)
_ASKS = re.compile(
    r"^(?:(?:project|rootProject|providers|settings|extra|ext)\.)*"
    r"(?:property|findProperty|gradleProperty|get|getProperty|getAt)$"
)
# Calls that give what they are called on.
_SAME = frozenset({"get", "toString", "trim", "asProvider", "getOrNull", "orNull", "asFile"})
_LISTS = frozenset({"listOf", "setOf", "arrayOf", "arrayListOf", "files", "mutableListOf"})
_MAPS = frozenset({"mapOf", "mutableMapOf"})


class Computed(Exception):  # noqa: N818 - it says of an expression what it is
    """An expression is more than a plain value."""


@dataclass
class Reader:
    """Reads one expression; `look_up` gives what a dotted name stands for, None where unknown."""

    text: str
    look_up: Callable[[str], Value | None]
    place: int = 0

    def value(self) -> Value:
        """The value of the whole text. Raises Computed."""
        found = self.sum()
        if self.text[self.place :].strip():
            raise Computed(self.text.strip())
        return found

    def sum(self) -> Value:
        found = self.single()
        while True:
            mark = self.peek()
            if mark == "+":
                self.take()
                other = self.single()
                if not isinstance(found, str) or not isinstance(other, str):
                    raise Computed(self.text.strip())
                found += other
            elif mark == "?:":
                self.take()
                self.single()
            elif mark == "to":
                self.take()
                return {str(found): self.single()}
            else:
                return found

    def single(self) -> Value:
        begun = self.place
        kind, word = self.take()
        if kind == "string":
            return self.follow(self.filled(word), word)
        if kind == "number":
            return word
        if word == "[":
            return self.collection("]")
        if word == "(":
            found = self.sum()
            self.expect(")")
            return found
        if kind == "name":
            return self.named(word.replace("?.", "."))
        raise Computed(self.text[begun:].strip() or self.text)

    def named(self, name: str) -> Value:
        called = self.peek()
        if called == "(":
            self.take()
            return self.follow(self.call(name), name)
        if called == "[" and name.rsplit(".", maxsplit=1)[-1] in {"extra", "ext", "properties"}:
            self.take()
            key = self.sum()
            self.expect("]")
            return self.follow(self.known(str(key)), name)
        return self.known(name)

    def call(self, name: str) -> Value:
        given = self.collection(")")
        last = name.rpartition(".")[2]
        if name in _LISTS:
            return given
        if name in _MAPS and isinstance(given, list):
            return {k: v for one in given if isinstance(one, dict) for k, v in one.items()}
        if name == "JavaLanguageVersion.of" and isinstance(given, list) and given:
            return given[0]
        if _ASKS.match(name) and isinstance(given, list) and given and isinstance(given[0], str):
            return self.known(given[0])
        if last in _SAME and not given:
            return self.known(name.rpartition(".")[0])
        raise Computed(f"{name}(…)")

    def follow(self, found: Value, name: str) -> Value:
        """What stands after a value: calls that change nothing."""
        while self.text[self.place :].lstrip().startswith("."):
            rest = re.match(r"\s*\.(\w+)\(\s*\)", self.text[self.place :])
            if rest is None or rest[1] not in _SAME:
                raise Computed(name)
            self.place += rest.end()
        return found

    def collection(self, closing: str) -> Value:
        """A list, or a map where keys are named."""
        listed: list[Value] = []
        mapped: dict[str, Value] = {}
        while self.peek() != closing:
            if self.peek() == ":" and not listed:
                self.take()
                continue
            item = self.entry()
            if isinstance(item, tuple):
                mapped[item[0]] = item[1]
            else:
                listed.append(item)
            if self.peek() == ",":
                self.take()
        self.expect(closing)
        return mapped or listed

    def entry(self) -> Value | tuple[str, Value]:
        named = re.match(r"\s*(?:(['\"])(?P<quoted>[\w.-]+)\1|(?P<plain>\w+))\s*(?::|=(?!=))",
                         self.text[self.place :])  # fmt: skip
        if named is None:
            return self.sum()
        self.place += named.end()
        return named["quoted"] or named["plain"], self.sum()

    def known(self, name: str) -> Value:
        found = self.look_up(name)
        if found is None and _OWNERS.match(name):
            found = self.look_up(_OWNERS.sub("", name))
        if found is None:
            raise Computed(name)
        return found

    def filled(self, literal: str) -> str:
        quote = literal[:3] if literal[:3] in ('"""', "'''") else literal[0]
        inner = literal[len(quote) : -len(quote)]
        plain = re.sub(r"\\(.)", r"\1", inner)
        if quote.startswith("'"):
            return plain

        def put(match: "re.Match[str]") -> str:
            found = Reader(match[1] or match[2], self.look_up).value()
            if not isinstance(found, str):
                raise Computed(match[0])
            return found

        return _INSIDE.sub(put, plain)

    def peek(self) -> str:
        match = _TOKEN.match(self.text, self.place)
        return match[0].strip() if match else ""

    def take(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.place)
        if match is None or match.lastgroup is None:
            raise Computed(self.text[self.place :].strip() or self.text)
        self.place = match.end()
        return match.lastgroup, match[match.lastgroup]

    def expect(self, mark: str) -> None:
        if self.take()[1] != mark:
            raise Computed(self.text.strip())


def deep(values: Mapping[str, Value], name: str) -> Value | None:
    """What a dotted name stands for: a value, or an entry of a map."""
    if name in values:
        return values[name]
    owner, _, last = name.rpartition(".")
    found = deep(values, owner) if owner else None
    return found.get(last) if isinstance(found, dict) else None
