"""unittest's `load_tests`: the tests that modules and packages build themselves, as pytest's items.

pytest does not know the protocol and would leave them out without a word. What such a suite holds
is run beside what pytest finds; a test that both hold is run once.
"""

# Older releases of pytest lack some of the names that types are written with.
from __future__ import annotations

import inspect
import unittest
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import pytest
from _pytest.unittest import TestCaseFunction

Problem = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
PATTERN = "test*.py"
LONGEST_LABEL = 80
# What every test case has, whatever is its own.
COMMON = frozenset(vars(unittest.FunctionTestCase(print)))


class Suites:
    """The pytest plugin."""

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """A package may build the tests of everything below it, in its `__init__.py`."""
        if file_path.name != "__init__.py" or not speaks_of_suites(file_path):
            return None
        if any(file_path.match(one) for one in parent.config.getini("python_files")):
            return None  # pytest looks into it itself
        found: pytest.Collector = Package.from_parent(parent, path=file_path)
        return found

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Collector, name: str, obj: object
    ) -> list[pytest.Collector] | None:
        """The function of a module that builds its tests; classes that it alone can make."""
        if not isinstance(collector, pytest.Module):
            return None
        if name == "load_tests" and callable(obj):
            return [Suite.from_parent(collector, name=name)]
        builds = callable(vars(collector.obj).get("load_tests"))
        return [] if builds and wants_more(obj) else None

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None]:
        """Before anybody else sees them: each test once."""
        items[:] = each_once(items)
        yield


class Package(pytest.Module):
    """The `__init__.py` of a package, of which only `load_tests` counts."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """See pytest."""
        if callable(getattr(self.obj, "load_tests", None)):
            yield Suite.from_parent(self, name="load_tests", pattern=PATTERN)


class Suite(pytest.Collector):
    """What one `load_tests` gives."""

    def __init__(self, pattern: str | None = None, **options: Any) -> None:  # noqa: ANN401 - a value of any kind
        super().__init__(**options)
        self.pattern = pattern

    def collect(self) -> Iterable[pytest.Item]:
        """Call it as unittest's own loader does."""
        above = self.getparent(pytest.Module)
        module: ModuleType = above.obj  # type: ignore[union-attr]  # pytest gives each item its parent
        loader = loader_for(module)
        standard = loader.suiteClass(
            [loader.loadTestsFromTestCase(found) for found in own_cases(module)]  # type: ignore[misc]  # found by their class
        )
        cases = flattened(module.load_tests(loader, standard, self.pattern))
        numbers: dict[str, int] = {}
        for case in cases:
            name = f"{type(case).__name__}::{getattr(case, '_testMethodName', 'run')}"
            numbers[name] = number = numbers.get(name, 0) + 1
            label = f"{number}{labelled(case)}"
            nodeid = f"{above.nodeid}::{name}[load_tests {label}]"  # type: ignore[union-attr]  # pytest gives each item its parent
            yield Case.from_parent(self, name=f"{name}[{label}]", nodeid=nodeid, case=case)


class Case(pytest.Item):
    """One test of a suite, run by unittest itself."""

    def __init__(self, case: Any, **options: Any) -> None:  # noqa: ANN401 - as pytest has it
        super().__init__(**options)
        self.case = case

    def runtest(self) -> None:
        """Run it with the fixtures of its class and module, and raise what it ends with."""
        result = Told()
        unittest.TestSuite([self.case]).run(result)
        result.speak()

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands, when that can be told."""
        method = getattr(self.case, getattr(self.case, "_testMethodName", ""), None)
        try:
            return self.path, inspect.getsourcelines(method)[1] - 1, self.name  # type: ignore[arg-type]  # a method of the class
        except (OSError, TypeError):
            return self.path, None, self.name


class Told(unittest.TestResult):
    """Keeps exceptions as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.raised: list[BaseException] = []
        self.reasons: list[str] = []
        self.expected = False
        self.surprised = False

    def addError(self, test: Any, err: Any) -> None:  # noqa: ANN401, ARG002, N802 - unittest's own name and arguments
        """See unittest."""
        self.raised.append(err[1])

    addFailure = addError  # noqa: N815 - unittest's own name

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: ANN401, ARG002, N802 - unittest's own name and arguments
        """See unittest."""
        if err is not None:
            self.raised.append(err[1])

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: ANN401, ARG002, N802 - unittest's own name and arguments
        """See unittest."""
        self.reasons.append(reason)

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: ANN401, ARG002, N802 - unittest's own name and arguments
        """See unittest."""
        self.expected = True

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: ANN401, ARG002, N802 - unittest's own name and arguments
        """See unittest."""
        self.surprised = True

    def speak(self) -> None:
        """Raise what there is to be said, as tests of pytest do."""
        if self.raised:
            raise self.raised[0]
        if self.surprised:
            pytest.fail("Unexpected success", pytrace=False)
        if self.reasons:
            pytest.skip(self.reasons[0])
        if self.expected:
            pytest.xfail("expected failure")
        if not self.testsRun:
            pytest.fail("It was not run.", pytrace=False)


def speaks_of_suites(path: Path) -> bool:
    try:
        return b"load_tests" in path.read_bytes()
    except OSError:
        return False


def loader_for(module: ModuleType) -> unittest.TestLoader:
    """A loader in the middle of discovery, as `load_tests` finds it: modules that it looks for get
    the names that they are imported by."""
    loader = unittest.TestLoader()
    path = Path(str(module.__file__))
    depth = module.__name__.count(".") + (1 if path.name == "__init__.py" else 0)
    vars(loader)["_top_level_dir"] = str(path.parents[depth])
    vars(loader)["_loading_packages"] = {module.__name__}
    return loader


def own_cases(module: ModuleType) -> list[type[unittest.TestCase]]:
    plain = (unittest.TestCase, unittest.FunctionTestCase, unittest.IsolatedAsyncioTestCase)
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, unittest.TestCase) and found not in plain
    ]


def function_of(item: pytest.Item) -> object:
    """What a test consists of, as it is called."""
    if isinstance(item, Case):
        return getattr(item.case, str(getattr(item.case, "_testMethodName", "")), None)
    return getattr(item, "obj", None)


def wants_more(found: object) -> bool:
    """Whether a class of test cases cannot be made from the name of a method alone."""
    if not isinstance(found, type) or not issubclass(found, unittest.TestCase):
        return False
    try:
        found("runTest")
    except Exception:  # noqa: BLE001 - whatever its constructor says
        return True
    return False


def flattened(suite: Any) -> Iterator[Any]:  # noqa: ANN401 - of unittest
    if isinstance(suite, Iterable):
        for one in suite:
            yield from flattened(one)
    elif suite is not None:
        yield suite


def labelled(case: Any) -> str:  # noqa: ANN401 - a value of any kind
    """What a case says of itself, where it says more than its class and its method."""
    speaks = next(one for one in type(case).mro() if "__str__" in vars(one))
    if speaks is unittest.TestCase:
        return ""
    said = " ".join(str(case).replace("::", ":").split())
    return f": {said[:LONGEST_LABEL]}"


def each_once(items: list[pytest.Item]) -> list[pytest.Item]:
    """Without the tests that pytest has found, too; those that carry something of their own stand
    for the plain one of the same name."""
    native = {key_of(item) for item in items if isinstance(item, TestCaseFunction)}
    suites = [item for item in items if isinstance(item, Case)]
    special = {key_of(item) for item in suites if not is_plain(item.case)}
    kept, seen = list[pytest.Item](), set[tuple[type, str]]()
    for item in items:
        if isinstance(item, TestCaseFunction) and key_of(item) in special:
            continue
        if isinstance(item, Case) and is_plain(item.case):
            if key_of(item) in native | seen:
                continue
            seen.add(key_of(item))
        kept.append(item)
    return kept


def key_of(item: pytest.Item) -> tuple[type, str]:
    if isinstance(item, Case):
        return type(item.case), str(getattr(item.case, "_testMethodName", id(item.case)))
    return item.parent.obj, item.name  # type: ignore[union-attr]  # pytest gives each item its parent


def is_plain(case: Any) -> bool:  # noqa: ANN401 - a value of any kind
    """Whether its class and its method are all that there is to a case."""
    if vars(case).keys() <= COMMON:
        return not type(case).__module__.startswith(("doctest", "unittest"))
    try:
        fresh = type(case)(case._testMethodName)  # noqa: SLF001 - unittest has no other name for it
    except Exception:  # noqa: BLE001 - its constructor wants more
        return False
    own = {name: value for name, value in vars(case).items() if name not in COMMON}
    return own == {name: value for name, value in vars(fresh).items() if name not in COMMON}
