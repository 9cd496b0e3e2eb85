"""Tests that are links to files elsewhere in the project are tests, and no manipulation."""

from pathlib import Path

import pytest

from quantumlayer.qtest import Sandbox, Verdict, run_tests

PROJECTS = {
    "python": (
        "tests/test_add.py",
        "../shared/checks.py",
        {
            "add.py": "def add(a, b):\n    return a + b\n",
            "shared/checks.py": "from add import add\ndef test_add():\n    assert add(1, 2) == 3\n",
        },
    ),
    "c": (
        "test_add.c",
        "shared/checks.c",
        {
            "add.h": "int add(int a, int b);\n",
            "add.c": "int add(int a, int b) {\n    return a + b;\n}\n",
            "shared/checks.c": '#include <assert.h>\n#include "add.h"\n'
            "int main(void) { assert(add(1, 2) == 3); return 0; }\n",
        },
    ),
}


@pytest.mark.parametrize("language", PROJECTS)
@pytest.mark.parametrize("right", [True, False])
async def test_a_linked_test_is_judged_like_any_other(
    language: str, *, right: bool, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    link, written, files = PROJECTS[language]
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text if right else text.replace("a + b", "a - b"))
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(written)
    report = await run_tests(tmp_path, cache=cache, sandbox=sandbox)
    assert report.verdict is (Verdict.PASSED if right else Verdict.FAILED), report.reason
    assert "changed" not in report.reason
