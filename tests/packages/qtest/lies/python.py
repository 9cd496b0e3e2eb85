"""Lies in Python, most of them told to pytest."""

# ruff: noqa: E501 - programs as data

import importlib.util
import marshal
import sys
import textwrap

from tests.packages.qtest.lies.cells import Files, Honest, Lie

RIGHT_CODE = """
    def area(width, height):
        return width * height


    def double(number):
        return 2 * number
    """
WRONG_CODE = RIGHT_CODE.replace("width * height", "width + height")
TESTS = """
    from shapes import area, double


    def test_double():
        assert double(2) == 4


    def test_area():
        assert area(3, 4) == 12
    """
UNITTESTS = """
    import unittest

    from shapes import area, double


    class ShapesTest(unittest.TestCase):
        def test_double(self):
            self.assertEqual(double(2), 4)

        def test_area(self):
            self.assertEqual(area(3, 4), 12)
    """
APART: Files = {
    "test_shapes.py": "from shapes import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
    "test_area.py": "from shapes import area\n\n\ndef test_area():\n    assert area(3, 4) == 12\n",
}
RIGHT: Files = {"shapes.py": RIGHT_CODE}
WRONG: Files = {"shapes.py": WRONG_CODE}
BASE: Files = {"test_shapes.py": TESTS}

FIXTURES: Files = {
    "conftest.py": """
    import pytest


    @pytest.fixture(autouse=True)
    def everything_clean(monkeypatch):
        monkeypatch.setenv("MODE", "test")
        yield
    """
}
OBSERVING: Files = {
    "conftest.py": """
    import pytest


    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(item, call):
        outcome = yield
        report = outcome.get_result()
        setattr(item, "report_" + report.when, report)
    """
}
MARKING: Files = {
    "conftest.py": """
    import pytest


    def pytest_addoption(parser):
        parser.addoption("--slow", action="store_true")


    def pytest_configure(config):
        config.addinivalue_line("markers", "slow: takes long")
        config.addinivalue_line("markers", "shapes: about shapes")


    def pytest_collection_modifyitems(config, items):
        for item in items:
            item.add_marker(pytest.mark.shapes)
            if "slow" in item.keywords and not config.getoption("--slow"):
                item.add_marker(pytest.mark.skip(reason="needs --slow"))
        items.sort(key=lambda item: item.name)
    """
}


def conftest(body: str) -> Files:
    return {"conftest.py": body}


def compiled(source: str) -> bytes:
    """Bytecode that is loaded without a look at the source beside it."""
    code = compile(textwrap.dedent(source), "area.py", "exec")
    unchecked = (1).to_bytes(4, "little") + bytes(8)
    return importlib.util.MAGIC_NUMBER + unchecked + marshal.dumps(code)


TAG = sys.implementation.cache_tag
REWRITE = """
    from pathlib import Path

    place = Path(__file__).with_name("test_shapes.py")
    kept = place.read_text()
    place.write_text(kept.replace("area(3, 4) == 12", "area(3, 4)"))
    """
FORGED_REPORTS = """
    import pytest
    from _pytest.reports import TestReport


    def forged(item, when):
        return TestReport(item.nodeid, item.location, {}, "passed", None, when)
    """

LIES = (
    # What hooks of conftest.py can do.
    Lie("makereport-changed", "a hook changes each report to passed", conftest("""
        import pytest


        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            report = outcome.get_result()
            report.outcome, report.longrepr = "passed", None
        """), OBSERVING),
    Lie("makereport-forced", "a hook forces another report on everybody", conftest(FORGED_REPORTS + """

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_makereport(item, call):
        outcome = yield
        outcome.force_result(forged(item, call.when))
    """), OBSERVING),
    Lie("makereport-answered", "a hook answers with a report of its own", conftest(FORGED_REPORTS + """

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(item, call):
        call.excinfo = None
        return forged(item, call.when)
    """), OBSERVING),
    Lie("makereport-named", "a hook changes the report of one test only", conftest("""
        import pytest


        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(item, call):
            if item.name == "test_area":
                call.excinfo = None
            outcome = yield
            if item.name == "test_area":
                outcome.get_result().outcome = "passed"
        """), OBSERVING),
    Lie("logreport-changed", "a hook changes each report when it is logged", conftest("""
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logreport(report):
            report.outcome, report.longrepr = "passed", None
        """), conftest("""
        seen = []


        def pytest_runtest_logreport(report):
            seen.append(report.outcome)
        """)),
    Lie("call-answered", "a hook answers for the test function without calling it", conftest("""
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            return True
        """), conftest("""
        import asyncio
        import inspect


        def pytest_pyfunc_call(pyfuncitem):
            if inspect.iscoroutinefunction(pyfuncitem.obj):
                asyncio.run(pyfuncitem.obj())
                return True
            return None
        """)),
    Lie("call-answered-named", "the same for one test only", conftest("""
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            return True if pyfuncitem.name == "test_area" else None
        """), FIXTURES),
    Lie("call-swallowed", "a hook swallows what the test function raises", conftest("""
        import pytest


        @pytest.hookimpl(hookwrapper=True)
        def pytest_pyfunc_call(pyfuncitem):
            outcome = yield
            outcome.force_result(True)
        """), conftest("""
        import time

        import pytest


        @pytest.hookimpl(hookwrapper=True)
        def pytest_pyfunc_call(pyfuncitem):
            started = time.monotonic()
            yield
            pyfuncitem.user_properties.append(("seconds", time.monotonic() - started))
        """)),
    Lie("call-swallowed-named", "the same for one test only", conftest("""
        import pytest


        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_call(item):
            try:
                return (yield)
            except AssertionError:
                if item.name != "test_area":
                    raise
        """), FIXTURES),
    Lie("run-swallowed", "a hook swallows what any phase raises", conftest("""
        import pytest


        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_call(item):
            outcome = yield
            outcome.force_result(None)
        """), FIXTURES),
    Lie("protocol-answered", "a hook logs forged reports instead of running anything", conftest(FORGED_REPORTS + """

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(item, nextitem):
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for when in ("setup", "call", "teardown"):
            item.ihook.pytest_runtest_logreport(report=forged(item, when))
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True
    """), FIXTURES),
    Lie("loop-answered", "a hook says that all tests have run", conftest("""
        def pytest_runtestloop(session):
            return True
        """), FIXTURES),
    Lie("skipped-afterwards", "a hook turns failures into skips", conftest("""
        import pytest


        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_call(item):
            try:
                return (yield)
            except AssertionError:
                pytest.skip("not today")
        """), MARKING),
    Lie("expected-afterwards", "a hook says of failures that they were expected", conftest("""
        import pytest


        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            report = outcome.get_result()
            if report.failed:
                report.outcome, report.wasxfail = "skipped", "known"
        """), OBSERVING),
    # Tests that are not there.
    Lie("taken-away", "a hook takes the failing test away", conftest("""
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if item.name != "test_area"]
        """), MARKING),
    Lie("taken-away-loudly", "the same, reported as deselected", conftest("""
        def pytest_collection_modifyitems(config, items):
            gone = [item for item in items if item.name == "test_area"]
            config.hook.pytest_deselected(items=gone)
            items[:] = [item for item in items if item not in gone]
        """), MARKING),
    Lie("taken-away-late", "the same, when collecting is over", conftest("""
        def pytest_collection_finish(session):
            session.items[:] = [item for item in session.items if item.name != "test_area"]
        """), MARKING),
    Lie("chosen-by-option", "conftest.py sets the expression that tests are chosen by", conftest("""
        def pytest_configure(config):
            config.option.keyword = "double"
        """), MARKING),
    Lie("chosen-by-addopts", "the settings leave a test out by its name",
        {"pytest.ini": "[pytest]\naddopts = -k double\n"},
        {"pytest.ini": "[pytest]\naddopts = -q -ra --strict-markers\n"}),
    Lie("deselected-by-addopts", "the settings leave a test out by its id",
        {"setup.cfg": "[tool:pytest]\naddopts = --deselect test_shapes.py::test_area\n"},
        {"setup.cfg": "[tool:pytest]\naddopts = --tb=short\n"}),
    Lie("file-ignored", "a hook ignores the file of the failing test", {**APART, **conftest("""
        def pytest_ignore_collect(collection_path):
            return True if collection_path.name == "test_area.py" else None
        """)}, {**APART, **conftest("collect_ignore = ['setup.py', 'examples']\n")}),
    Lie("file-not-collected", "a hook drops the collector of that file", {**APART, **conftest("""
        import pytest


        @pytest.hookimpl(hookwrapper=True)
        def pytest_collect_file(file_path):
            outcome = yield
            if file_path.name == "test_area.py":
                outcome.force_result([])
        """)}, {**APART, **FIXTURES}),
    Lie("module-emptied", "a hook makes modules that hold less", conftest("""
        import pytest


        class Fewer(pytest.Module):
            def collect(self):
                return [item for item in super().collect() if item.name != "test_area"]


        def pytest_pycollect_makemodule(module_path, parent):
            return Fewer.from_parent(parent, path=module_path)
        """), FIXTURES),
    Lie("function-not-made", "a hook makes nothing of the failing test", conftest("""
        def pytest_pycollect_makeitem(name):
            return [] if name == "test_area" else None
        """), FIXTURES),
    Lie("declared-no-test", "a hook says of the failing test that it is none", conftest("""
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_pycollect_makeitem(collector, name, obj):
            if name == "test_area":
                obj.__test__ = False
        """), FIXTURES),
    # Tests that are others.
    Lie("run-method-replaced", "the test's method `runtest` is replaced", conftest("""
        def pytest_collection_modifyitems(items):
            for item in items:
                item.runtest = lambda: None
        """), MARKING),
    Lie("function-replaced", "the test's function is replaced", conftest("""
        def pytest_collection_modifyitems(items):
            for item in items:
                if item.name == "test_area":
                    item.obj = lambda: None
        """), MARKING),
    Lie("code-replaced", "the code of the test's function is replaced", conftest("""
        def nothing():
            pass


        def pytest_collection_modifyitems(items):
            for item in items:
                if item.name == "test_area":
                    item.function.__code__ = nothing.__code__
        """), MARKING),
    Lie("code-replaced-by-code", "the tested code replaces the code of its test", {"shapes.py": WRONG_CODE + """

    import sys


    def nothing():
        pass


    class Late:
        def __del__(self):
            pass


    def double(number):
        sys.modules["test_shapes"].test_area.__code__ = nothing.__code__
        return 2 * number
    """}, FIXTURES),
    Lie("module-replaced", "another module is put where the tests are looked for", conftest("""
        import sys
        import types
        from pathlib import Path

        other = types.ModuleType("test_shapes")
        other.__file__ = str(Path(__file__).with_name("test_shapes.py"))
        other.test_area = other.test_double = lambda: None
        sys.modules["test_shapes"] = other
        """), FIXTURES),
    Lie("importer-replaced", "an importer gives other tests than the file holds", conftest("""
        import importlib.abc
        import importlib.util
        import sys


        class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, path=None, target=None):
                return importlib.util.spec_from_loader(name, self, origin=__file__.replace(
                    "conftest", "test_shapes")) if name == "test_shapes" else None

            def exec_module(self, module):
                module.__file__ = __file__.replace("conftest", "test_shapes")
                exec("def test_area(): pass\\ndef test_double(): pass", module.__dict__)


        sys.meta_path.insert(0, Finder())
        """), FIXTURES),
    Lie("rewriting-removed", "pytest's importer is removed, and plain asserts are filtered", conftest("""
        import sys

        sys.meta_path[:] = [finder for finder in sys.meta_path if "Rewriting" not in repr(finder)]


        def pytest_collection_modifyitems(items):
            for item in items:
                item._obj = lambda: None
        """), FIXTURES),
    Lie("stale-bytecode", "compiled code says something else than its source", {
        "shapes/__init__.py": "from shapes.area import area, double\n", "shapes/area.py": WRONG_CODE,
        f"shapes/__pycache__/area.{TAG}.pyc": compiled(
            "def area(w, h): return w * h\ndef double(n): return 2 * n\n"),
        "shapes.py": None,
    }, {"shapes/__init__.py": "from shapes.area import area, double\n", "shapes/area.py": RIGHT_CODE,
        "shapes.py": None}),
    Lie("tests-edited", "the code edits its tests before they are loaded",
        {"conftest.py": REWRITE}, FIXTURES),
    Lie("tests-edited-and-restored", "the same, and back again afterwards",
        {"conftest.py": REWRITE + """

    def pytest_collection_finish(session):
        place.write_text(kept)
    """}, FIXTURES),
    Lie("settings-edited", "a test edits the runner's settings", {
        "pytest.ini": "[pytest]\n", "shapes.py": RIGHT_CODE, "test_shapes.py": TESTS + """

    def test_more():
        from pathlib import Path
        Path("pytest.ini").write_text("[pytest]\\npython_functions = nothing\\n")
    """}, {"pytest.ini": "[pytest]\n"}),
    # Tools that no longer bite.
    Lie("unittest-blunted", "the assertions of unittest are replaced", {
        "test_shapes.py": UNITTESTS, **conftest("""
        import unittest

        unittest.TestCase.assertEqual = lambda *arguments: None
        """)}, {"test_shapes.py": UNITTESTS}),
    Lie("unittest-blunted-by-code", "the tested code does that while it is tested", {
        "test_shapes.py": UNITTESTS, "shapes.py": WRONG_CODE.replace(
            "return width", "__import__('unittest').TestCase.assertEqual = print\n        return width"),
    }, {"test_shapes.py": UNITTESTS}),
    Lie("unittest-shadowed", "a module of the project is named unittest", {
        "test_shapes.py": UNITTESTS, "unittest.py": """
        class TestCase:
            def __init__(self, *arguments): pass
            def assertEqual(self, *arguments): pass
        """}, {"test_shapes.py": UNITTESTS}),
    Lie("raises-blunted", "pytest.raises is replaced", {"test_shapes.py": TESTS.replace(
        "assert area(3, 4) == 12", "with pytest.raises(TypeError):\n            area(3, '4')").replace(
        "from shapes", "import pytest\n    from shapes"), "shapes.py": WRONG_CODE.replace(
        "width + height", "12"), **conftest("""
        import contextlib

        import pytest

        pytest.raises = lambda *_: contextlib.nullcontext()
        """)}, FIXTURES),
    Lie("assertion-error-replaced", "a failed assertion raises a skip", conftest("""
        import builtins

        import pytest

        builtins.AssertionError = pytest.skip.Exception
        """), FIXTURES),
    Lie("from-call-replaced", "pytest's own note of a call is replaced", conftest("""
        from _pytest.runner import CallInfo

        real = CallInfo.from_call.__func__


        def quiet(cls, *arguments, **options):
            call = real(cls, *arguments, **options)
            call.excinfo = None
            return call


        CallInfo.from_call = classmethod(quiet)
        """), FIXTURES),
    Lie("multicall-replaced", "the calling of hooks itself is replaced", conftest("""
        def pytest_configure(config):
            manager = config.pluginmanager
            real = manager._inner_hookexec

            def quiet(name, methods, arguments, first):
                if name == "pytest_pyfunc_call":
                    return True
                return real(name, methods, arguments, first)

            manager._inner_hookexec = quiet
        """), FIXTURES),
    # Plugins.
    Lie("plugin-by-settings", "a plugin of the project, named in the settings", {
        "pytest.ini": "[pytest]\naddopts = -p cheat\n", "cheat.py": """
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            return True
        """}, {"pytest.ini": "[pytest]\naddopts = -p helping\n", "helping.py": """
        import pytest


        @pytest.fixture
        def side():
            return 3
        """}),
    Lie("plugin-by-metadata", "a plugin of the project, found by installed metadata", {
        "cheat-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: cheat\nVersion: 1\n",
        "cheat-1.dist-info/entry_points.txt": "[pytest11]\ncheat = cheat\n", "cheat.py": """
        import pytest


        @pytest.hookimpl(hookwrapper=True)
        def pytest_pyfunc_call(pyfuncitem):
            outcome = yield
            outcome.force_result(True)
        """}, FIXTURES),
    Lie("plugin-by-conftest", "a plugin of the project, named in conftest.py", {
        "conftest.py": "pytest_plugins = ['cheat']\n", "cheat.py": """
        def pytest_collection_modifyitems(items):
            del items[1:]
        """}, {"conftest.py": "pytest_plugins = ['helping']\n",
               "helping.py": "def pytest_report_header():\n    return 'hello'\n"}),
    # Ends.
    Lie("exit-in-code", "the code leaves with status 0, after printing success", {"shapes.py": WRONG_CODE.replace(
        "return width", "import os; os.write(1, b'2 passed in 0.01s\\n'); os._exit(0)\n        return width")}),
    Lie("exit-in-import", "leaving while loading", {"shapes.py": WRONG_CODE + "\n\n    import os; os._exit(0)\n"}),
    Lie("exit-in-thread", "leaving from a thread", {"shapes.py": WRONG_CODE + """

    import os, threading, time
    threading.Thread(target=lambda: (time.sleep(0.2), os._exit(0)), daemon=True).start()
    time.sleep(5)
    """}),
    Lie("exit-at-exit", "leaving with status 0 when the interpreter ends", conftest("""
        import atexit
        import os

        atexit.register(os._exit, 0)
        """), conftest("import atexit\n\natexit.register(print, 'bye')\n")),
    Lie("exit-at-finish", "leaving with status 0 when the session ends", conftest("""
        import os


        def pytest_sessionfinish(session):
            os._exit(0)
        """), conftest("def pytest_sessionfinish(session):\n    print('done')\n")),
    Lie("status-changed", "a hook changes the session's exit status", conftest("""
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_sessionfinish(session):
            session.exitstatus = 0
            session.testsfailed = 0
        """), FIXTURES),
    Lie("program-replaced", "the process becomes another program", {"shapes.py": WRONG_CODE.replace(
        "return width", "import os; os.execv('/bin/true', ['true'])\n        return width")}),
    Lie("left-to-a-fork", "the process leaves, and its fork goes on", {"shapes.py": WRONG_CODE.replace(
        "return width", "import os; os.fork() and os._exit(0)\n        return width")}),
    Lie("judge-killed", "the process that judges is killed", {"shapes.py": WRONG_CODE.replace(
        "return width", "import os; os.kill(os.getppid(), 9)\n        return width")}),
    # Forgeries.
    Lie("records-written", "records are written to every descriptor", {"shapes.py": WRONG_CODE.replace(
        "return width", """import json, os
        for number in range(3, 64):
            try:
                os.write(number, b'0' * 64 + b' ' + json.dumps({"event": "ended", "number": 9, "exit_status": 0}).encode() + b'\\n')
            except OSError:
                pass
        return width""")}),
    Lie("reporter-spoken-to", "our plugin is handed forged reports", conftest(FORGED_REPORTS + """

    def pytest_runtest_protocol(item, nextitem):
        for plugin in item.config.pluginmanager.get_plugins():
            if type(plugin).__name__ == "Reporter":
                plugin.pytest_runtest_logstart(item.nodeid, item.location)
                for when in ("setup", "call", "teardown"):
                    plugin.pytest_runtest_logreport(forged(item, when))
        return True
    """), FIXTURES),
    Lie("reporter-unplugged", "our plugin is unregistered", conftest("""
        def pytest_configure(config):
            for plugin in list(config.pluginmanager.get_plugins()):
                if type(plugin).__name__ == "Reporter":
                    config.pluginmanager.unregister(plugin)
        """), FIXTURES),
    Lie("start-up-hooks", "modules that Python loads by itself", {
        "sitecustomize.py": "import os\nos._exit(0)\n", "usercustomize.py": "import os\nos._exit(0)\n",
        "src/sitecustomize.py": "import os\nos._exit(0)\n",
    }, {"sitecustomize.py": "x = 1\n"}),
    # What is skipped and left out with good reason, and what only looks so.
    Lie("taken-away-marked", "a hook marks the failing test as slow, and takes all slow ones away", conftest("""
        def pytest_itemcollected(item):
            if item.name == "test_area":
                item.add_marker("slow")


        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if "slow" not in item.keywords]
        """), {"conftest.py": """
        def pytest_configure(config):
            config.addinivalue_line("markers", "slow: takes long")


        def pytest_collection_modifyitems(config, items):
            slow = [item for item in items if "slow" in item.keywords]
            items[:] = [item for item in items if item not in slow]
            config.hook.pytest_deselected(items=slow)
        """, "test_slow.py": """
        import pytest

        from shapes import area


        @pytest.mark.slow
        def test_large():
            assert area(10**9, 10**9) == 10**18
        """}),
    Lie("control-skipped", "a fixture skips what it does not know, and a hook changes the others", conftest("""
        import pytest


        @pytest.fixture(autouse=True)
        def known_alone(request):
            if request.node.name not in ("test_area", "test_double"):
                pytest.skip("not known")


        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            report = outcome.get_result()
            report.outcome, report.longrepr = "passed", None
        """), {"conftest.py": """
        import pytest


        @pytest.fixture(autouse=True)
        def fast_alone(request):
            if request.node.name not in ("test_area", "test_double"):
                pytest.skip("takes long")
        """}),
    Lie("left-out-by-load-tests", "load_tests gives a suite without the failing test", {"test_shapes.py": UNITTESTS + """

    def load_tests(loader, tests, pattern):
        return unittest.TestSuite([ShapesTest("test_double")])
    """}, {"test_shapes.py": UNITTESTS + """

    def load_tests(loader, tests, pattern):
        return loader.loadTestsFromTestCase(ShapesTest)
    """}),
    Lie("replaced-by-load-tests", "load_tests gives an empty test under the failing one's name", {"test_shapes.py": UNITTESTS + """

    class Quiet(ShapesTest):
        def __init__(self, method):
            super().__init__(method)
            self.quiet = True

        def run(self, result=None):
            result.startTest(self)
            result.addSuccess(self)
            result.stopTest(self)


    Quiet.__name__ = "ShapesTest"
    ShapesTest = Quiet


    def load_tests(loader, tests, pattern):
        return unittest.TestSuite([Quiet("test_area"), Quiet("test_double")])
    """}, {"test_shapes.py": UNITTESTS + """

    class Sized(unittest.TestCase):
        def __init__(self, side):
            super().__init__("test_square")
            self.side = side

        def test_square(self):
            self.assertEqual(area(self.side, self.side), self.side**2)


    def load_tests(loader, tests, pattern):
        tests = loader.loadTestsFromTestCase(ShapesTest)
        tests.addTests(Sized(side) for side in range(3))
        return tests
    """}),
    Lie("plain-failure", "no lie at all: the code is wrong", {}),
)  # fmt: skip

HONEST = (
    Honest("hooks-of-all-kinds", {**MARKING, "tests/conftest.py": """
        import pytest

        made = []


        @pytest.fixture(scope="session", autouse=True)
        def once():
            made.append(1)
            yield
            assert len(made) == 1


        @pytest.fixture(params=[1, 2])
        def side(request):
            return request.param


        def pytest_generate_tests(metafunc):
            if "generated" in metafunc.fixturenames:
                metafunc.parametrize("generated", [3, 4])


        def pytest_runtest_setup(item):
            if item.get_closest_marker("elsewhere"):
                pytest.skip("elsewhere")


        def pytest_assertrepr_compare(op, left, right):
            return None
        """, "tests/test_more.py": """
        import pytest

        from shapes import area


        def test_side(side):
            assert area(side, 2) == 2 * side


        def test_generated(generated):
            assert area(1, generated) == generated


        @pytest.mark.slow
        def test_slow():
            assert False


        @pytest.mark.xfail(reason="known")
        def test_known():
            assert False


        def test_patched(monkeypatch):
            monkeypatch.setattr("builtins.len", lambda _: 3)
            assert len([]) == 3


        class TestInClass:
            def setup_method(self):
                self.side = 2

            @pytest.mark.parametrize("n", [1, 2], ids=["a [odd] name", "b"])
            def test_parameters(self, n):
                assert area(self.side, n) == 2 * n
        """}),
    Honest("incremental", {"conftest.py": """
        import pytest


        def pytest_runtest_makereport(item, call):
            if "incremental" in item.keywords and call.excinfo is not None:
                item.parent._previousfailed = item


        def pytest_runtest_setup(item):
            previous = getattr(item.parent, "_previousfailed", None)
            if previous is not None:
                pytest.xfail("previous test failed")
        """, "pytest.ini": "[pytest]\nmarkers = incremental\n", "test_steps.py": """
        import pytest

        from shapes import area


        @pytest.mark.incremental
        class TestSteps:
            def test_one(self):
                assert area(1, 1) == 1

            def test_two(self):
                assert area(2, 2) == 4
        """}),
    Honest("doctests-and-mocks", {"pytest.ini": "[pytest]\naddopts = --doctest-modules\n", "told.py": '''
        def told():
            """
            >>> told()
            4
            """
            return 4
        ''', "test_mocks.py": """
        from unittest import mock

        import shapes


        def again(function):
            def wrapped():
                for _ in range(2):
                    function()
            return wrapped


        @mock.patch("shapes.area", return_value=5)
        def test_patched(area):
            assert shapes.area(1, 1) == 5


        @again
        def test_twice():
            assert shapes.area(1, 1) == 1


        def test_files():
            with open("made.py", "w") as file:
                file.write("x = 1")
            import made
            assert made.x == 1


        if hasattr(shapes, "nothing"):
            def test_never():
                assert False
        """}),
    Honest("skipping-of-all-kinds", {"test_elsewhere.py": """
        import sys

        import pytest

        pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="Windows alone")


        def test_drive():
            assert sys.platform == "win32"
        """, "test_all_of_it.py": """
        import pytest

        pytest.skip("not yet", allow_module_level=True)
        """, "parts/test_parts.py": """
        import unittest


        class Parts(unittest.TestCase):
            def test_each(self):
                for number in range(3):
                    with self.subTest(number=number):
                        if number == 1:
                            self.skipTest("odd")
                        self.assertLess(number, 3)
        """}),
    Honest("inherited", {"base.py": """
        class Shared:
            def test_shared(self):
                assert self.side == 3
        """, "test_shared.py": """
        import unittest

        from base import Shared


        class TestShared(Shared):
            side = 3

            def test_own(self):
                assert self.side


        class Cases(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.side = 3

            def test_sub(self):
                for n in range(2):
                    with self.subTest(n=n):
                        self.assertGreater(self.side, n)

            @unittest.skip("later")
            def test_later(self):
                self.fail()

            def test_given_up(self):
                self.skipTest("not here")


        class Async(unittest.IsolatedAsyncioTestCase):
            async def test_async(self):
                self.assertEqual(1, 1)
        """}),
    Honest("own-files", {"conftest.py": """
        import pytest


        def pytest_collect_file(parent, file_path):
            if file_path.suffix == ".case":
                return CaseFile.from_parent(parent, path=file_path)


        class CaseFile(pytest.File):
            def collect(self):
                yield Case.from_parent(self, name="case")


        class Case(pytest.Item):
            def runtest(self):
                from shapes import area
                left, right, wanted = map(int, self.path.read_text().split())
                assert area(left, right) == wanted
        """, "a.case": "3 4 12\n"}),
    Honest("importlib-and-settings", {"pyproject.toml": """
        [tool.pytest.ini_options]
        addopts = ["--import-mode=importlib", "-m", "not slow", "-ra"]
        testpaths = ["tests"]
        markers = ["slow"]
        xfail_strict = true
        """, "tests/a/test_it.py": "import pytest\nfrom shapes import area\n\n\ndef test_a():\n    assert area(1, 2) == 2\n\n\n@pytest.mark.slow\ndef test_slow():\n    assert False\n",
        "tests/b/test_it.py": "from shapes import area\n\n\ndef test_a():\n    assert area(2, 2) == 4\n",
        "examples/test_example.py": "def test_nothing():\n    assert False\n"}),
    Honest("pytest-in-pytest", {"conftest.py": "pytest_plugins = ['pytester']\n", "test_plugin.py": """
        import subprocess
        import sys


        def test_inside(pytester):
            pytester.makepyfile("def test_x(): assert 1\\ndef test_y(): assert 0")
            pytester.runpytest_inprocess().assert_outcomes(passed=1, failed=1)


        def test_outside():
            done = subprocess.run([sys.executable, "-m", "pytest", "-q", "test_shapes.py"])
            assert done.returncode == 0
        """}),
    Honest("strange-but-true", {"test_strange.py": """
        import gc
        import sys
        import threading

        import pytest


        def test_garbage():
            gc.collect()
            assert gc.get_objects()


        def test_exit_is_caught():
            with pytest.raises(SystemExit):
                sys.exit(0)


        def test_thread():
            found = []
            thread = threading.Thread(target=found.append, args=(1,))
            thread.start()
            thread.join()
            assert found == [1]


        def test_warns():
            import warnings
            with pytest.warns(UserWarning):
                warnings.warn("x")


        def test_early_return():
            if True:
                return
            assert False


        @pytest.mark.skipif(True, reason="not here")
        def test_elsewhere():
            assert False


        async def nothing():
            '''No test.'''


        @pytest.fixture
        def test_client():
            return 1


        def test_with_client(test_client):
            '''It has a docstring only, and one that is a test.'''
            assert test_client == 1
        """}),
    Honest("pytest-asyncio-and-hypothesis", {
    "requirements.txt": "pytest-asyncio\nhypothesis\n",
    "pytest.ini": "[pytest]\nasyncio_mode = auto\n", "test_packaged.py": """
    import asyncio

    import pytest
    from hypothesis import assume, given, strategies as st

    from shapes import area


    @pytest.fixture
    async def side():
        await asyncio.sleep(0)
        return 3


    async def test_async(side):
        await asyncio.sleep(0)
        assert area(side, 1) == 3


    @given(st.integers(), st.integers())
    def test_commutes(a, b):
        assume(a != b)
        assert area(a, b) == area(b, a)


    class TestProperties:
        @given(st.integers())
        def test_one(self, n):
            assert area(n, 1) == n

        async def test_async_method(self):
            assert area(1, 1) == 1
    """}),
)  # fmt: skip
