"""Telling what kind of project a folder holds."""

import pytest

from quantumlayer.qtest import Language, detect_language, detect_languages
from tests.packages.qtest.conftest import MakeProject


@pytest.mark.parametrize(
    ("files", "language"),
    [
        (["a.py", "test_a.py"], Language.PYTHON),
        (["pyproject.toml"], Language.PYTHON),
        (["package.json"], Language.JAVASCRIPT),
        (["a.mjs", "test/a.test.mjs"], Language.JAVASCRIPT),
        (["single.js"], Language.JAVASCRIPT),
        (["package.json", "app.py", "tests/test_app.py", "web/app.js"], Language.PYTHON),
        (["scripts/release.py", "package.json", "a.test.js"], Language.JAVASCRIPT),
        (["package.json", "node_modules/x/test_x.py"], Language.JAVASCRIPT),
        (["README.md", "main.hs"], None),
        ([], None),
    ],
)
def test_test_files_decide_then_settings_then_sources(
    make_project: MakeProject, files: list[str], language: Language | None
) -> None:
    assert detect_language(make_project(dict.fromkeys(files, ""))) is language


@pytest.mark.parametrize(
    ("files", "languages"),
    [
        ({"go.mod": "", "a_test.go": ""}, [Language.GO]),
        ({"Cargo.toml": "", "src/lib.rs": "#[test]\nfn x() {}"}, [Language.RUST]),
        ({"src/test/java/ATest.java": "@Test void x() {}", "pom.xml": ""}, [Language.JAVA]),
        ({"a.c": "", "test_a.c": ""}, [Language.C]),
        ({"a.c": "", "tests/a.cpp": "", "Makefile": "test:"}, [Language.CPP]),
        ({"CMakeLists.txt": "add_test(NAME x COMMAND y)", "main.c": ""}, [Language.C]),
        ({"a.test.ts": "", "b.test.js": "", "package.json": ""}, [Language.TYPESCRIPT]),
        ({"go.mod": "", "a_test.go": "", "test_a.py": ""}, [Language.PYTHON, Language.GO]),
        ({"test_a.py": "", "tests/fixtures/x_test.go": "package x"}, [Language.PYTHON]),
        ({"test_a.py": "", "setup.py": "", "fast.c": "", "Makefile": "test:"}, [Language.PYTHON]),
        ({"go.mod": "", "a.go": ""}, [Language.GO]),
        ({"README.md": ""}, []),
    ],
)
def test_every_language_with_tests_of_its_own_counts(
    make_project: MakeProject, files: dict[str, str], languages: list[Language]
) -> None:
    assert list(detect_languages(make_project(files))) == languages
