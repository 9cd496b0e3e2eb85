"""A correct project must not fail for what is no source of its own, or no error."""

import pytest

from quantumlayer.parser import analyze
from quantumlayer.parser.certainty import is_lenient_json, is_sample
from quantumlayer.parser.model import SourceText


@pytest.mark.parametrize(
    ("path", "content", "counted"),
    [
        ("app.py", "def f(:\n", True),
        ("tests/test_app.py", "def f(:\n", True),
        ("tests/fixtures/broken.py", "def f(:\n", False),
        ("tests/data/broken.py", "def f(:\n", False),
        ("{{cookiecutter.name}}/app.py", "def f(:\n", False),
        ("third_party/lib/app.py", "def f(:\n", False),
        ("package.json", '{"name": }', True),
        ("tsconfig.json", '{\n  // strict\n  "a": [1, 2,],\n}\n', False),
        ("log.json", '{"a": 1}\n{"a": 2}\n', False),
        ("tests/bad.json", "{", False),
        ("deploy.yaml", "a: [1,\n", True),
        ("charts/app/values.yaml", "a: {{ .Values.a }}\n  b: - c\n", False),
        ("page.js", '{{define "script"}}\nlet x = 1;\n{{end}}\n', False),
        ("main.ts", "let x: = {% if a %} 1;\n", False),
        ("app.py", "print(f'{{x}}'\n", True),
        (".editorconfig", '["*"]\nindent = 2\n', False),
        ("app.go", "package a\nfunc f( {\n", False),
        ("page.html", "<div></span>", False),
        ("query.sql", "SELEC * FRM x", False),
        ("app.rb", "def f(\n", False),
    ],
)
async def test_what_counts(path: str, content: str, counted: bool) -> None:
    file = SourceText(path=path, content=content)
    (analysis,) = await analyze([file])
    assert bool(analysis.syntax.errors) is counted


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", True),
        ('{"url": "http://a//b"} // c', True),
        ('{"a": "/* no comment */",}', True),
        ('{"a": 1', False),
        ("{a: 1}", False),
        ("1\n2\nx", False),
    ],
)
def test_json_as_tools_read_it(text: str, read: bool) -> None:
    assert is_lenient_json(text.encode()) is read


def test_resources_of_tests_are_samples_but_tests_are_not() -> None:
    assert is_sample("src/test/resources/Broken.java", "java")
    assert not is_sample("src/test/java/a/ATest.java", "java")
    assert not is_sample("data/load.py", "python")
