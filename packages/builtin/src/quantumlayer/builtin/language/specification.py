"""The same language as a YAML or JSON document: entities with their fields, rules, reports."""

from difflib import get_close_matches

import yaml

from quantumlayer.builtin.language.notations import Statement
from quantumlayer.builtin.language.refusal import NotUnderstood, Problem, problem_at
from quantumlayer.builtin.language.tokens import Raw, raw_tokens

_TOP = ("title", "entities", "rules", "reports")
_ENTITY = ("fields",)
_Pairs = list[tuple[yaml.ScalarNode, yaml.Node]]


def is_specification(text: str) -> bool:
    """Whether a description is a mapping of YAML or JSON: in braces, or with `entities:`."""
    stripped = text.strip()
    braces = stripped.startswith("{") and stripped.endswith("}")
    return braces or any(line.rstrip() == "entities:" for line in text.splitlines())


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
        title = reader.document(root)
        return title, reader.statements, reader.problems
    raise NotUnderstood((problem_at(text, 0, text[:20], "a specification is a mapping", ""),))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self.statements: list[Statement] = []
        self.problems: list[Problem] = []

    def document(self, root: yaml.MappingNode) -> str:
        pairs = _pairs(root)
        if all(isinstance(value, yaml.MappingNode) for _, value in pairs) and "entities" not in {
            key.value for key, _ in pairs
        }:
            self._entities(root)
            return ""
        title = ""
        for key, value in pairs:
            if not self._known(key, _TOP):
                continue
            if key.value == "title" and isinstance(value, yaml.ScalarNode):
                title = str(value.value)
            elif key.value == "entities" and isinstance(value, yaml.MappingNode):
                self._entities(value)
            elif isinstance(value, yaml.SequenceNode) and key.value in {"rules", "reports"}:
                self._sentences(value)
            else:
                self._refuse(value, f"this cannot be read as {key.value}", "")
        return title

    def _known(self, key: yaml.ScalarNode, keys: tuple[str, ...]) -> bool:
        if key.value in keys:
            return True
        near = get_close_matches(str(key.value), keys, n=1, cutoff=0.4)
        instead = f"did you mean “{near[0]}”?" if near else f"the keys here are {', '.join(keys)}"
        self._refuse(key, f"“{key.value}” is no key of a specification", instead)
        return False

    def _refuse(self, node: yaml.Node, reason: str, instead: str) -> None:
        start, end = node.start_mark.index, node.end_mark.index
        quoted = self._text[start : min(end, start + 80)].strip()
        self.problems.append(problem_at(self._text, start, quoted, reason, instead))

    def _sentences(self, node: yaml.SequenceNode) -> None:
        for each in node.value:
            if isinstance(each, yaml.ScalarNode) and str(each.value).strip(" ."):
                raws = tuple(raw for raw in self._raws(each) if raw.text != ".")
                self.statements.append(Statement(raws, raws[0].start, raws[-1].end))
            else:
                self._refuse(each, "a rule is a sentence", "")

    def _entities(self, node: yaml.MappingNode) -> None:
        for key, value in _pairs(node):
            fields = value
            if isinstance(value, yaml.MappingNode) and any(
                each.value == "fields" for each, _ in _pairs(value)
            ):
                fields = next(found for each, found in _pairs(value) if each.value == "fields")
                for each, _ in _pairs(value):
                    self._known(each, _ENTITY)
            if isinstance(fields, yaml.MappingNode) and fields.value:
                self._entity(key, fields)
            else:
                self._refuse(
                    key,
                    "an entity has a mapping of its fields",
                    "for example {fields: {name: text unique}}",
                )

    def _entity(self, key: yaml.ScalarNode, fields: yaml.MappingNode) -> None:
        raws = [*self._raws(key), _sign(":", key.end_mark.index)]
        for name, said in _pairs(fields):
            if not isinstance(said, yaml.ScalarNode):
                self._refuse(
                    said, "a field is said in words", "for example “text unique” or “integer 1..50”"
                )
                continue
            raws += [*self._raws(name), _sign("(", name.end_mark.index)]
            raws += [
                *self._raws(said),
                _sign(")", said.end_mark.index),
                _sign(",", said.end_mark.index),
            ]
        raws.pop()
        self.statements.append(Statement(tuple(raws), raws[0].start, raws[-1].end))

    def _raws(self, node: yaml.ScalarNode) -> list[Raw]:
        return raw_tokens(
            self._text[node.start_mark.index : node.end_mark.index], node.start_mark.index
        )


def _pairs(node: yaml.MappingNode) -> _Pairs:
    return [(key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]


def _sign(sign: str, at: int) -> Raw:
    return Raw(sign, at, at, (sign,))
