"""Telling what kind of project a folder holds."""

import pytest

from quantumlayer.qtest import Language, detect_language
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
