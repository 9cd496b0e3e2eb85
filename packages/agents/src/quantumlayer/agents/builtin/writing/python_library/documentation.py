"""The README's examples: the first example of every part's documentation."""

import ast
import doctest
import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.manifests import made_tree


@dataclass(frozen=True, slots=True)
class ShownExample:
    """What a public name is for, and an example that runs."""

    name: str
    imports: tuple[str, ...]
    summary: str
    example: str


def shown_examples(part: Part) -> tuple[ShownExample, ...]:
    """One example for each public function and class of a part that has one."""
    found = []
    for node in made_tree(part.code).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name not in part.public:
            continue
        text = ast.get_docstring(node) or ""
        example = "".join(_shown(one) for one in doctest.DocTestParser().get_examples(text))
        if example:
            imports = tuple(name for name in part.public if re.search(rf"\b{name}\b", example))
            summary = text.split("\n\n")[0].replace("\n", " ")
            found.append(ShownExample(node.name, imports, summary, example))
    return tuple(found)


def _shown(example: doctest.Example) -> str:
    first, *rest = example.source.splitlines()
    source = "".join((f">>> {first}\n", *(f"... {line}\n" for line in rest)))
    return source + example.want
