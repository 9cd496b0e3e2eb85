"""Modules that only the project's build would make: what a failure without them proves."""

import textwrap
from pathlib import Path, PurePosixPath

import pytest

from quantumlayer.manifests import FilesOnDisk, python_needs
from quantumlayer.qtest import CaseOutcome, Environment, Language, TestCase, TestReport, Verdict
from quantumlayer.qtest.lacking import explained
from tests.packages.qtest.conftest import Check

SETUP = """\
from setuptools import Extension, setup
setup(name="shop", ext_modules=[Extension("shop._fast", ["src/native.c"])])
"""
GOES_ON = "try:\n    from shop._fast import total\nexcept ImportError:\n    total = sum\n"
LOADS_IT = "from shop._fast import total\n"
LOADED_BY_NAME = """\
import contextlib, importlib
with contextlib.suppress(ImportError):
    importlib.import_module("shop._fast")
"""
WRONG = "assert 1 == 2"
NOT_FOUND = "ModuleNotFoundError: No module named 'shop._fast'"
NO_NAME = "ImportError: cannot import name '_fast' from 'shop' (shop/__init__.py)"
PYPROJECT = '[project]\nname = "shop"\nversion = "1"\n'


def verdict_on(files: dict[str, str], folder: Path, *messages: str, believed: bool = True) -> str:
    """The verdict, with the reason, on a run whose tests failed with these messages."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text))
    needs = python_needs(FilesOnDisk(folder))
    environment = Environment(
        language=Language.PYTHON, key="k", folder=None, mounts=(), executable=PurePosixPath("p"),
        compiled=needs.compiled,
    )  # fmt: skip
    cases = tuple(
        TestCase(name=f"t{n}", path="test_a.py", outcome=CaseOutcome.FAILED, message=message)
        for n, message in enumerate(messages)
    )
    report = TestReport(
        verdict=Verdict.FAILED, reason="r", runner="pytest", language="python", cases=cases
    )
    found = explained(report, environment, folder, believed=believed)
    return f"{found.verdict}: {found.reason}"


@pytest.mark.parametrize(
    ("files", "messages"),
    [
        # What loads it and what goes on without it, in every way of writing that.
        ({"setup.py": SETUP, "shop/__init__.py": LOADS_IT}, [NOT_FOUND]),
        ({"setup.py": SETUP, "shop/__init__.py": ""}, [NO_NAME]),
        ({"setup.py": SETUP, "shop/__init__.py": GOES_ON}, [WRONG]),
        ({"setup.py": SETUP, "shop/__init__.py": GOES_ON}, [WRONG, NOT_FOUND]),
        ({"setup.py": SETUP, "shop/sums.py": LOADED_BY_NAME}, [WRONG]),
        # Every way of saying that it is compiled.
        ({"setup.py": SETUP.replace('"shop._fast", [', 'name="shop._fast", sources=['),
          "shop/__init__.py": GOES_ON}, [WRONG]),
        ({"setup.py": """\
            import setuptools
            NAME = "_fast"
            modules = []
            if True:
                modules.append(setuptools.Extension(NAME, ["a.c"]))
            setuptools.setup(ext_package="shop", ext_modules=modules)
            """, "shop/__init__.py": GOES_ON}, [WRONG]),
        ({"setup.py": """\
            from setuptools_rust import RustExtension
            arguments = dict(rust_extensions=[RustExtension("shop._fast")])
            setup(name="shop", **arguments)
            """, "shop/__init__.py": GOES_ON}, [WRONG]),
        ({"pyproject.toml": PYPROJECT + """\
            [tool.setuptools]
            ext-modules = [{name = "shop._fast", sources = ["a.c"]}]
            """.replace("            ", ""), "shop/__init__.py": GOES_ON}, [WRONG]),
        ({"pyproject.toml": PYPROJECT + """\
            [build-system]
            build-backend = "maturin"
            [tool.maturin]
            module-name = "shop._fast"
            """.replace("            ", ""), "shop/__init__.py": LOADS_IT}, [NOT_FOUND]),
    ],
)  # fmt: skip
def test_what_only_the_build_makes_is_not_the_fault_of_the_tests(
    files: dict[str, str], messages: list[str], tmp_path: Path
) -> None:
    found = verdict_on(files, tmp_path, *messages)
    assert found.startswith("infrastructure_error: Nothing was found out")
    assert "`shop._fast` is compiled by the project's build" in found


@pytest.mark.parametrize(
    ("files", "messages"),
    [
        # Nothing is to be compiled, or something else is.
        ({"setup.py": "setup(name='shop')", "shop/__init__.py": GOES_ON}, [WRONG]),
        ({"setup.py": SETUP.replace("shop._fast", "shop._other"), "shop/__init__.py": GOES_ON},
         [WRONG]),
        # Code that cannot go on without it says so by an ImportError: this one is another failure.
        ({"setup.py": SETUP, "shop/quick.py": LOADS_IT}, [WRONG]),
        ({"setup.py": SETUP, "shop/quick.py": LOADS_IT}, [NOT_FOUND, WRONG]),
        # It is there, as a library or in Python.
        ({"setup.py": SETUP, "shop/__init__.py": GOES_ON, "shop/_fast.abi3.so": ""}, [WRONG]),
        ({"setup.py": SETUP, "shop/__init__.py": GOES_ON, "src/shop/_fast.py": ""}, [WRONG]),
        # Another module of the project is not there.
        ({"setup.py": SETUP, "shop/__init__.py": ""},
         [NOT_FOUND.replace("shop._fast", "shop.cart")]),
    ],
)  # fmt: skip
def test_what_has_nothing_to_do_with_the_build_is(
    files: dict[str, str], messages: list[str], tmp_path: Path
) -> None:
    assert verdict_on(files, tmp_path, *messages) == "failed: r"


def test_a_run_that_is_not_believed_is_not_excused(tmp_path: Path) -> None:
    files = {"setup.py": SETUP, "shop/__init__.py": GOES_ON}
    assert verdict_on(files, tmp_path, WRONG, believed=False) == "failed: r"


async def test_whoever_goes_on_without_it_and_is_right_passes(check: Check) -> None:
    test = "from shop import total\ndef test_total():\n    assert total([1, 2]) == {}\n"
    project = {"setup.py": SETUP, "src/native.c": "int x;\n", "shop/__init__.py": GOES_ON}
    right = await check({**project, "test_shop.py": test.format(3)})
    wrong = await check({**project, "test_shop.py": test.format(4)})
    assert (right.verdict, right.passed) == (Verdict.PASSED, 1)
    assert (wrong.verdict, wrong.failed) == (Verdict.INFRASTRUCTURE_ERROR, 1)
    assert "`shop._fast` is compiled by the project's build (setup.py:2)" in wrong.reason
