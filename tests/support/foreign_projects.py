"""Small projects as somebody else has them, each with a sentence and what a model makes of it."""

from dataclasses import dataclass

from tests.support.integrating import writing
from tests.support.model_server import FilesReply, JsonReply, Reply

_STATEMENT = {"category": "operation", "statement": "Triples a number", "source": "triple"}


@dataclass(frozen=True)
class ForeignProject:
    """`files` are the project; `tripled` and `test` are the source and the new test as wished.

    `also` is a second file that has to change, with its content.
    """

    language: str
    files: dict[str, str]
    source: str
    tripled: str
    new_test: str
    test: str
    sentence: str = "It also triples a number."
    also: tuple[str, str] = ("", "")

    @property
    def changed(self) -> str:
        """The change of the source as a block of a turn."""
        path, content = self.also
        more = writing(content, path) if path else ""
        return writing(self.tripled, self.source) + more

    def answers(self, *turns: Reply) -> list[Reply]:
        """All that a model says, the integrator's turns last."""
        return [
            JsonReply(task="revise", value={"refusal": None, "added": [_STATEMENT]}),
            FilesReply(task="test", files={self.new_test: self.test}),
            *turns,
        ]


_PYTHON = "def double(number):\n  return number*2\n"
PYTHON = ForeignProject(
    language="python",
    files={
        "README.md": "# Doubling\n\nDoubles numbers.\n",
        "doubling.py": _PYTHON,
        "test_doubling.py": (
            "from doubling import double\n\n\ndef test_doubles():\n    assert double(2) == 4\n"
        ),
    },
    source="doubling.py",
    tripled=_PYTHON + "\n\ndef triple(number):\n  return number*3\n",
    new_test="test_r1.py",
    test="from doubling import triple\n\n\ndef test_r1_triples():\n    assert triple(2) == 6\n",
)

_JAVASCRIPT = "exports.double = (number) => number*2\n"
JAVASCRIPT = ForeignProject(
    language="javascript",
    files={
        "package.json": '{"name": "doubling", "scripts": {"test": "node --test"}}\n',
        "doubling.js": _JAVASCRIPT,
        "test/doubling.test.js": (
            "const test = require('node:test')\nconst assert = require('node:assert')\n"
            "const { double } = require('../doubling')\n\n"
            "test('doubles', () => {\n  assert.strictEqual(double(2), 4)\n})\n"
        ),
    },
    source="doubling.js",
    tripled=_JAVASCRIPT + "exports.triple = (number) => number*3\n",
    new_test="test/r1.test.js",
    test=(
        "const test = require('node:test')\nconst assert = require('node:assert')\n"
        "const { triple } = require('../doubling')\n\n"
        "test('R1: triples', () => {\n  assert.strictEqual(triple(2), 6)\n})\n"
    ),
)

_GO = "package doubling\n\nfunc Double(number int) int { return number * 2 }\n"
GO = ForeignProject(
    language="go",
    files={
        "go.mod": "module example.com/doubling\n\ngo 1.21\n",
        "doubling.go": _GO,
        "doubling_test.go": (
            'package doubling\n\nimport "testing"\n\nfunc TestDouble(t *testing.T) {\n'
            '\tif Double(2) != 4 {\n\t\tt.Fatal("not doubled")\n\t}\n}\n'
        ),
    },
    source="doubling.go",
    tripled=_GO + "\nfunc Triple(number int) int { return number * 3 }\n",
    new_test="r1_test.go",
    test=(
        'package doubling\n\nimport "testing"\n\nfunc Test_R1_triples(t *testing.T) {\n'
        '\tif Triple(2) != 6 {\n\t\tt.Fatal("not tripled")\n\t}\n}\n'
    ),
)

_RUST = "pub fn double(number: i64) -> i64 {\n    number * 2\n}\n"
RUST = ForeignProject(
    language="rust",
    files={
        "Cargo.toml": '[package]\nname = "doubling"\nversion = "0.1.0"\nedition = "2021"\n',
        "Cargo.lock": 'version = 3\n\n[[package]]\nname = "doubling"\nversion = "0.1.0"\n',
        "src/lib.rs": _RUST,
        "tests/doubles.rs": "#[test]\nfn doubles() {\n    assert_eq!(doubling::double(2), 4);\n}\n",
    },
    source="src/lib.rs",
    tripled=_RUST + "\npub fn triple(number: i64) -> i64 {\n    number * 3\n}\n",
    new_test="tests/r1.rs",
    test="#[test]\nfn r1_triples() {\n    assert_eq!(doubling::triple(2), 6);\n}\n",
)


def _native(language: str, compiler: str, suffix: str) -> ForeignProject:
    """A project with a Makefile, which names what it builds: a new test has to stand there, too."""
    makefile = (
        "test: {names}\n\t{runs}\n\n"
        f"test_%: test_%.{suffix} doubling.{suffix} doubling.h\n"
        f"\t{compiler} -o $@ $< doubling.{suffix}\n"
    )
    source = '#include "doubling.h"\n\nint double_it(int number) { return number * 2; }\n'
    test = (
        '#include <assert.h>\n#include "doubling.h"\n\n'
        "static void test_{name}(void) {{ assert({call} == {result}); }}\n\n"
        "int main(void) {{\n  test_{name}();\n  return 0;\n}}\n"
    )
    both = {"names": "test_doubling test_r1", "runs": "./test_doubling && ./test_r1"}
    return ForeignProject(
        language=language,
        files={
            "Makefile": makefile.format(names="test_doubling", runs="./test_doubling"),
            "doubling.h": "int double_it(int number);\nint triple_it(int number);\n",
            f"doubling.{suffix}": source,
            f"test_doubling.{suffix}": test.format(name="doubles", call="double_it(2)", result=4),
        },
        source=f"doubling.{suffix}",
        tripled=source + "\nint triple_it(int number) { return number * 3; }\n",
        new_test=f"test_r1.{suffix}",
        test=test.format(name="r1_triples", call="triple_it(2)", result=6),
        also=("Makefile", makefile.format(**both)),
    )


C, CPP = _native("c", "gcc", "c"), _native("cpp", "g++", "cpp")
FOREIGN_PROJECTS = (PYTHON, JAVASCRIPT, GO, RUST, C, CPP)
