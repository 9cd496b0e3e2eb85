"""A model that builds the example of a stack as if nobody had: it plans, writes interfaces, bodies.

Its texts are the starter's own, under the project's name, so what it builds is known to hold.
"""

import ast
import re
from typing import Any

from quantumlayer.manifests.python.trees import made_tree
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.stacks import (
    Stack,
    is_example,
    kind_of,
    language_of,
    named,
    role_of,
    woven,
)
from tests.support.model_server import FilesReply, JsonReply, Reply, TextReply
from tests.support.model_server.choosing import texts

PROJECT = "night-orders"
# What is said by which language where a test begins, so that its name begins with a requirement.
NAMED = (
    (re.compile(r"(?m)^((?:async )?def test_)(?!r1_)"), r"\1r1_"),
    (re.compile(r"(?m)^(\s*(?:it|test)(?:\.each\([^()]*(?:\([^()]*\)[^()]*)*\))?\()(['`])(?!R1)"),
     r"\1\2R1: "),
    (re.compile(r"(?m)^func Test(?=[A-Z])"), "func Test_R1_"),
    # What gives a test its cases is found by the test's name.
    (re.compile(r"(?m)(@(?:Parameterized)?Test\s+(?:@(?!MethodSource)\S+\s+)*(?:public )?void )"),
     r"\1r1_"),
    (re.compile(r"(?m)(#\[test\]\s+fn )"), r"\1r1_"),
)  # fmt: skip
FUNCTION = re.compile(r"(?ms)^((?:export (?:async )?function|pub fn)[^\n]*?\{\n)(.*?)^\}\n")
# Files whose functions are left unwritten at first, where that compiles.
HOLLOWED = re.compile(r"(?:repository|counting|intervals|store)\.(?:py|ts|js|rs)$")
# What is said to who asks for more of what is whole: by how the item begins.
SAID: dict[str, Reply] = {
    "Strengthen the tests": TextReply(content="They show what was asked for."),
    "You are the reviewer": JsonReply(value={"remarks": []}),
}
BODIES = {"py": "", "ts": "  throw new Error('not written');\n",
          "js": "  throw new Error('not written');\n", "rs": "    todo!()\n"}  # fmt: skip


class StackModel:
    """Answers every question of a run that builds on one stack; `asked` are the items' words."""

    def __init__(self, stack: Stack) -> None:
        """Nothing was asked yet."""
        self.stack = named(stack, PROJECT)
        self.asked: list[str] = []
        # What stands in an interface at first, and should not: path → text.
        self.spoilt: dict[str, str] = {}
        wanted = woven(self.stack)
        self.files = {
            file.path: self._told(file.path, file.text)
            for file in self.stack.starter
            if is_example(self.stack, file) or file.path in wanted
        }

    def __call__(self, request: dict[str, Any]) -> Reply:
        """The answer to a request, by how its item begins."""
        item = texts(request)[-1]
        self.asked.append(item)
        if item.startswith("Turn this description"):
            return JsonReply(value=self._requirements())
        said = next((reply for begin, reply in SAID.items() if item.startswith(begin)), None)
        if said is not None:
            return said
        if item.startswith("Choose what this application"):
            return JsonReply(value=self._plan())
        paths = [path for path in self.files if f"- {path}: " in item or f"`{path}`" in item]
        if item.startswith("Write the interfaces"):
            interfaces = {path: self.interface(path) for path in paths}
            return FilesReply(files=interfaces | _within(self.spoilt, paths))
        if item.startswith("The interfaces do not compile"):
            return FilesReply(files={path: self.interface(path) for path in self.spoilt})
        return FilesReply(files={path: self.files[path] for path in paths})

    def interface(self, path: str) -> str:
        """A file without the bodies of its functions, where that compiles."""
        text = self.files[path]
        if self._role(path) is FileRole.TEST or not HOLLOWED.search(path):
            return text
        if path.endswith(".py"):
            return hollow_python(text)
        body = BODIES[path.rpartition(".")[2]]
        return FUNCTION.sub(lambda found: f"{found[1]}{body}}}\n", text)

    @property
    def sources(self) -> dict[str, str]:
        """What it writes and no tool has to format: all but its tests, whose names have grown."""
        return {path: text for path, text in self.files.items()
                if self._role(path) is not FileRole.TEST}  # fmt: skip

    def _role(self, path: str) -> FileRole:
        return role_of(self.stack, path)

    def _told(self, path: str, text: str) -> str:
        if self._role(path) is not FileRole.TEST:
            return text
        for pattern, name in NAMED:
            text = pattern.sub(name, text)
        return text

    def _requirements(self) -> dict[str, Any]:
        language = language_of(self.stack).value
        items = [
            {"id": "R1", "category": "operation", "statement": "It does what is described."},
            {"id": "R2", "category": "wish", "statement": f"It is written in {language}.",
             "source": language},
        ]  # fmt: skip
        return {
            "requirements": {
                "name": PROJECT,
                "title": "Night orders",
                "summary": "What the example does.",
                "kind": kind_of(self.stack).value,
                "language": language,
                "items": items,
                "assumptions": ["Numbers begin at 1."],
            }
        }

    def _plan(self) -> dict[str, Any]:
        files = [
            {
                "path": path,
                "role": self._role(path).value,
                "purpose": "As the example.",
                "requirements": ["R1", "R2"],
            }
            for path in self.files
        ]
        return {"stack": self.stack.name, "files": files}


def _within(texts: dict[str, str], paths: list[str]) -> dict[str, str]:
    return {path: text for path, text in texts.items() if path in paths}


def hollow_python(text: str) -> str:
    """A module whose functions keep their comments and nothing else of their bodies."""
    lines = text.splitlines()
    for node in reversed(list(ast.walk(made_tree(text)))):
        if not isinstance(node, ast.FunctionDef):
            continue
        said = ast.get_docstring(node) is not None
        if said and len(node.body) == 1:
            continue
        first = node.body[1 if said else 0]
        indent = " " * first.col_offset
        lines[first.lineno - 1 : node.body[-1].end_lineno] = [f"{indent}raise NotImplementedError"]
    return "\n".join(lines) + "\n"
