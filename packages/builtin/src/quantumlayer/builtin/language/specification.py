"""The same language as a YAML or JSON document: entities with their fields, rules, reports."""

from collections.abc import Iterator
from difflib import get_close_matches

import yaml

from quantumlayer.builtin.language.notations import Statement
from quantumlayer.builtin.language.reading import declarations
from quantumlayer.builtin.language.refusal import NotUnderstood, Problem, problem_at
from quantumlayer.builtin.language.tokens import Raw, raw_tokens

_ENTITY = ("fields",)
_EXAMPLE = "for example {Room: {fields: {name: text unique}}}"
_SHAPES: dict[str, tuple[type[yaml.Node], str]] = {
    "title": (yaml.ScalarNode, "a title is text"),
    "entities": (yaml.MappingNode, _EXAMPLE),
    "rules": (yaml.SequenceNode, "rules are a list of sentences"),
    "reports": (yaml.SequenceNode, "reports are a list of sentences"),
}
_Pairs = list[tuple[yaml.ScalarNode, yaml.Node]]


def is_specification(text: str) -> bool:
    """Whether a description is a mapping of YAML or JSON, of entities at least."""
    stripped = text.strip()
    if (stripped.startswith("{") and stripped.endswith("}")) or any(
        line.startswith("entities:") for line in text.splitlines()
    ):
        return True
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return False
    inner = [value for _, value in _pairs(root)] if isinstance(root, yaml.MappingNode) else []
    return bool(inner) and all(
        isinstance(value, yaml.MappingNode)
        and all(isinstance(said, yaml.ScalarNode) for _, said in value.value)
        for value in inner
    )


def statements_of(text: str) -> tuple[str, list[Statement], list[Problem]]:
    """The title, the statements and the troubles of a specification."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        at = mark.index if mark is not None else 0
        reason = f"this is not YAML: {getattr(fault, 'problem', fault)}"
        raise NotUnderstood((problem_at(text, at, text[at : at + 20], reason, ""),)) from None
    reader = _Reader(text)
    if isinstance(root, yaml.MappingNode):
        for node, reason in _unusable(root):
            reader.refuse(node, reason, "")
        title = reader.document(root)
        return title, reader.statements, reader.problems
    shape = "a specification is a mapping"
    raise NotUnderstood((problem_at(text, 0, text[:20], shape, _EXAMPLE),))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []

    def document(self, root: yaml.MappingNode) -> str:
        """Takes up all that stands in a document, and answers its title."""
        pairs, title = _pairs(root), ""
        if all(
            isinstance(value, yaml.MappingNode) and key.value != "entities" for key, value in pairs
        ):
            self._entities(root)
            return title
        for key, value in pairs:
            if not self._known(key, tuple(_SHAPES)):
                continue
            kind, shape = _SHAPES[key.value]
            if not isinstance(value, kind):
                self.refuse(key, f"this cannot be read as {key.value}", shape)
            elif key.value == "title":
                title = str(value.value)
            else:
                (self._entities if key.value == "entities" else self._sentences)(value)
        return title

    def _known(self, key: yaml.ScalarNode, keys: tuple[str, ...]) -> bool:
        if key.value in keys:
            return True
        near = get_close_matches(str(key.value), keys, n=1, cutoff=0.4)
        instead = f"did you mean “{near[0]}”?" if near else f"the keys here are {', '.join(keys)}"
        self.refuse(key, f"“{key.value}” is no key of a specification", instead)
        return False

    def refuse(self, node: yaml.Node, reason: str, instead: str) -> None:
        """A problem with the words of a node."""
        start, end = node.start_mark.index, node.end_mark.index
        quoted = self._text[start : min(end, start + 80)].strip()
        self.problems.append(problem_at(self._text, start, quoted, reason, instead))

    def _sentences(self, node: yaml.Node) -> None:
        for each in node.value:
            if isinstance(each, yaml.ScalarNode) and str(each.value).strip(" ."):
                raws = tuple(raw for raw in self._raws(each) if raw.text != ".")
                self.statements.append(Statement(raws, raws[0].start, raws[-1].end))
            else:
                self.refuse(each, "a rule or a report is a sentence", "")

    def _entities(self, node: yaml.Node) -> None:
        for key, value in _pairs(node):
            keys = _pairs(value) if isinstance(value, yaml.MappingNode) else []
            fields = next((found for each, found in keys if each.value == "fields"), None)
            for each, _ in keys if fields is not None else ():
                self._known(each, _ENTITY)
            fields = fields or value
            if isinstance(fields, yaml.MappingNode) and fields.value:
                self._entity(key, fields)
            else:
                self.refuse(key, "an entity has a mapping of its fields", _EXAMPLE)

    def _entity(self, key: yaml.ScalarNode, fields: yaml.MappingNode) -> None:
        head = [*self._raws(key), _sign(":", key.end_mark.index)]
        raws: list[Raw] = []
        for name, said in _pairs(fields) if self._named(key) else ():
            field = self._field(head, name, said) if self._named(name) else []
            raws += [*field, _sign(",", said.end_mark.index)] if field else []
        if raws:
            self.statements.append(Statement((*head, *raws[:-1]), head[0].start, raws[-2].end))

    def _field(self, head: list[Raw], name: yaml.ScalarNode, said: yaml.Node) -> list[Raw]:
        """A field with what is said of it in parentheses, if that can be read by itself."""
        plain = isinstance(said, yaml.ScalarNode) and bool(str(said.value).strip())
        if plain:
            end = said.end_mark.index
            opened, closed = _sign("(", name.end_mark.index), _sign(")", end)
            raws = [*self._raws(name), opened, *self._raws(said), closed]
            alone = Statement((*head, *raws), name.start_mark.index, end)
            if declarations([alone])[0].said:
                return raws
        elif get_close_matches(str(name.value), _ENTITY, n=1, cutoff=0.6):
            self._known(name, _ENTITY)
            return []
        reason = f"the field {name.value} is not said in words that are known"
        self.refuse(said if plain else name, reason, "for example “text unique” or “integer 1..50”")
        return []

    def _named(self, key: yaml.ScalarNode) -> bool:
        """Whether a key can be the name of an entity or a field."""
        plain = all(raw.text[0].isalpha() for raw in self._raws(key))
        if not plain or not str(key.value).strip():
            self.refuse(key, f"“{key.value}” is no name", "names are words")
        return plain and bool(str(key.value).strip())

    def _raws(self, node: yaml.Node) -> list[Raw]:
        return raw_tokens(
            self._text[node.start_mark.index : node.end_mark.index], node.start_mark.index
        )


def _pairs(node: yaml.Node) -> _Pairs:
    return [(key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]


def _unusable(node: yaml.Node) -> Iterator[tuple[yaml.Node, str]]:
    """Keys that are no text, or stand twice in one mapping."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        again = [each for each, _ in node.value if each.value == key.value and each is not key]
        if not isinstance(key, yaml.ScalarNode):
            yield key, "a key is a name"
        elif again and again[0].start_mark.index < key.start_mark.index:
            yield key, f"“{key.value}” stands here twice"
        yield from _unusable(value)


def _sign(sign: str, at: int) -> Raw:
    return Raw(sign, at, at, (sign,))
