"""A YAML document as plain data, with the place of every value and the environment filled in.

`${NAME}` stands for a variable of the environment, `${NAME:-otherwise}` for one that may be
missing, `$$` for a dollar sign. A variable is text and stays within its value: it can add no key.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from pydantic import JsonValue

from quantumlayer.router.configuration.problems import ConfigurationError, Place, Problem

Path = tuple[str | int, ...]
MOST_NODES = 100_000
_VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<otherwise>[^}]*))?\})")


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a document, and where each value stands; a key's place is that of its value."""

    data: JsonValue
    places: Mapping[Path, Place]

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands, or the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


def read_document(text: str, environment: Mapping[str, str]) -> Document:
    """Reads `text`; raises `ConfigurationError` with every problem that it has."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ConfigurationError((_no_yaml(error),)) from None
    reader = _Reader(environment)
    data = reader.value(root, ()) if root is not None else {}
    if reader.problems:
        raise ConfigurationError(tuple(reader.problems))
    return Document(data, reader.places)


@dataclass(slots=True)
class _Reader:
    environment: Mapping[str, str]
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _nodes: int = 0
    _around: list[yaml.Node] = field(default_factory=list)

    def value(self, node: yaml.Node, path: Path) -> JsonValue:
        self.places[path] = _place(node)
        self._nodes += 1
        # Aliases of aliases grow without end while the text stays small.
        if self._nodes > MOST_NODES or any(node is around for around in self._around):
            limit = f"the document is larger than {MOST_NODES} values, or holds itself"
            raise ConfigurationError((Problem(_place(node), path, limit),))
        self._around.append(node)
        try:
            return self._read(node, path)
        finally:
            self._around.pop()

    def _read(self, node: yaml.Node, path: Path) -> JsonValue:
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(value, (*path, key)) for key, value in self._pairs(node, path)}
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        return [self.value(each, (*path, index)) for index, each in enumerate(node.value)]

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not name or name in seen:
                said = f"{name!r} stands here twice" if name else "a key must be a name"
                self.problems.append(Problem(_place(key), path, said))
                continue
            seen.add(name)
            yield name, value

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> JsonValue:
        text = str(node.value)
        filled = _VARIABLE.sub(lambda match: self._variable(match, node, path), text)
        if "$" in text:
            # What a variable brings is read as if it stood there, unless it was quoted.
            node = yaml.ScalarNode(_tag(node, filled), filled, node.start_mark, node.end_mark)
        try:
            return _SCALARS.construct(node)
        except (yaml.YAMLError, ValueError):
            said = f"{filled!r} is not what its tag {node.tag.rpartition(':')[2]!r} says"
            self.problems.append(Problem(_place(node), path, said))
            return None

    def _variable(self, match: re.Match[str], node: yaml.Node, path: Path) -> str:
        name, otherwise = match["name"], match["otherwise"]
        if name is None:
            return "$"
        found = self.environment.get(name) or otherwise
        if found is None:
            said = f"the environment has no {name}: set it, or write ${{{name}:-…}} with a default"
            self.problems.append(Problem(_place(node), path, said))
            return ""
        return found


class _Scalars(yaml.constructor.SafeConstructor, yaml.resolver.Resolver):
    """YAML's plain values; dates stay text, which the settings read themselves."""

    def __init__(self) -> None:
        yaml.constructor.SafeConstructor.__init__(self)
        yaml.resolver.Resolver.__init__(self)

    def construct(self, node: yaml.Node) -> JsonValue:
        if node.tag in _TEXTS:
            return str(node.value)
        value: JsonValue = self.construct_object(node, deep=True)
        return value


_TEXTS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"})
_SCALARS = _Scalars()


def _tag(node: yaml.ScalarNode, text: str) -> str:
    plain = node.style is None
    tag = _SCALARS.resolve(yaml.ScalarNode, text, (plain, not plain))  # type: ignore[no-untyped-call] # its stubs leave it out
    return str(tag)


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _no_yaml(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(place, (), f"this is no YAML: {reason}")
