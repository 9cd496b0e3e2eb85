"""The half of a pytest session that loads the project's code and reports what happens.

Records are signed with a key that is known before any code of the project is loaded; each signature
covers the one before. What a test's outcome was is taken from the call itself, and from inside of
the test function, not from what hooks made of it later.
"""

# Older releases of pytest lack some of the names that types are written with.
from __future__ import annotations

import faulthandler
import os
import sys
import time
import unittest
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import coverage
import pytest
from _pytest.main import pytest_ignore_collect as plainly_ignored

if TYPE_CHECKING:
    import types

MESSAGE_CHARACTERS = 2_000
DETAIL_CHARACTERS = 12_000
IDS_PER_RECORD = 200
# So many times a test of ours is tried in a folder, if what is there skips it.
MOST_CONTROLS = 3
SKIPS = (pytest.skip.Exception, pytest.xfail.Exception, unittest.SkipTest)

Emit = Callable[..., None]


def run(
    arguments: list[str],
    writer: int,
    start: int,
    key: bytes,
    sibling: Callable[[str], types.ModuleType],
) -> int:
    """Run the session; the exit status is pytest's."""
    import gc  # noqa: PLC0415 - see pytest_session

    os.set_inheritable(writer, False)
    emit: Emit = sibling("channel").emitter(writer, key)
    del key
    workspace, seconds, *folders = arguments[: arguments.index("--")]
    options = arguments[arguments.index("--") + 1 :]
    witness = sibling("code_witness").CodeWitness(workspace, SKIPS)
    replaced = sibling("tools").watch_tools()
    measuring = sibling("measuring").Measuring(workspace, sibling)
    emit("opened", pytest=pytest.__version__, coverage=coverage.__version__)
    witness.attend(lambda path, digest: emit("loaded", path=path, digest=digest))
    watch_for_hangs = hang_watch(float(seconds))
    watch_for_hangs()
    reporter = reporter_of(emit, witness, replaced, marks_in(options), watch_for_hangs, sibling)
    suites = [sibling("suites").Suites(), *sibling("django_suite").django_suite()]
    if folders:
        # As if the project were installed, for the programs that the tests start, too.
        os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    sys.path[:0] = [workspace, *folders]
    sys.argv = ["pytest", *options]
    os.read(start, 2)
    os.close(start)
    gc.freeze()
    gc.enable()
    status = int(pytest.main(sys.argv[1:], plugins=[reporter, measuring, *suites]))
    faulthandler.cancel_dump_traceback_later()
    measuring.report(emit)
    if found := replaced():
        emit("replaced", names=found)
    emit("ended", exit_status=status)
    return status


def hang_watch(seconds: float) -> Callable[[], None]:
    """A function that has every thread's place printed when the time is nearly up: evidence of what
    hangs. pytest calls that off whenever a test fails, so it has to be asked for again."""
    deadline, errors = time.monotonic() + seconds, os.dup(2)

    def watch() -> None:
        left = deadline - time.monotonic()
        if left > 0:
            faulthandler.dump_traceback_later(left, file=errors)

    return watch


def marks_in(options: list[str]) -> str:
    """The expression that the project's own settings choose tests by, the last of them."""
    found = ""
    for index, option in enumerate(options):
        if option == "-m" and index + 1 < len(options):
            found = options[index + 1]
        elif option.startswith("-m") and not option.startswith("--"):
            found = option[2:] or found
    return found


def reporter_of(  # noqa: C901 - a plugin is a list of hooks
    emit: Emit,
    witness: Any,  # noqa: ANN401 - a CodeWitness
    replaced: Callable[[], list[str]],
    marks: str,
    watch_for_hangs: Callable[[], None],
    sibling: Callable[[str], types.ModuleType],
) -> object:
    """The pytest plugin that turns hooks into records. It has no attributes that could be used."""
    selection, control = sibling("selection"), sibling("control").control
    evidence, taken = sibling("evidence").evidence, witness.taken
    function_of = sibling("suites").function_of
    truths: dict[tuple[str, str], dict[str, object]] = {}
    tries: Counter[str] = Counter()
    asked_for: list[Path] = []

    class Reporter:
        """Registered before any plugin of the project."""

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config: pytest.Config) -> None:
            asked_for.extend(Path(config.invocation_params.dir, arg) for arg in config.args)
            emit(
                "settings",
                functions=list(config.getini("python_functions")),
                classes=list(config.getini("python_classes")),
            )

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_ignore_collect(
            self, collection_path: Path, config: pytest.Config
        ) -> Generator[None, Any, None]:
            plainly = plainly_ignored(collection_path, config)
            answer = yield
            if selection.is_repeated(collection_path, asked_for):
                answer.force_result(True)
            # Folders above what is asked for are looked into, too, to find the way to it.
            within = any(path in (collection_path, *collection_path.parents) for path in asked_for)
            if within and not plainly and collection_path.suffix == ".py":
                emit("visited", path=os.path.relpath(collection_path, config.rootpath))

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_collection_modifyitems(
            self, config: pytest.Config, items: list[pytest.Item]
        ) -> Generator[None]:
            found = list(items)
            kinds = {item: selection.kinds(item) for item in found}
            yield
            chosen = selection.chosen_by_marks(found, config, marks)
            left_out, back = selection.taken_away(chosen, items, kinds)
            items.extend(back)
            say("found", found)
            say("chosen", chosen)
            say("left_out", left_out)
            say("given_back", back)

        def pytest_collection_finish(self, session: pytest.Session) -> None:
            say("collected", session.items)

        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.failed:
                emit("collection_failed", name=report.nodeid, **evidence(report))
            elif report.skipped:
                emit("collection_skipped", name=report.nodeid, **evidence(report))

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None]:
            module = item.getparent(pytest.Module)
            folder = os.path.dirname(item.nodeid.partition("::")[0])  # noqa: PTH120 - an id of pytest, not a path
            if module is not None and tries[folder] < MOST_CONTROLS:
                tries[folder] += 1
                seen = control(module, item, truths)
                if not seen["skipped"]:
                    tries[folder] = MOST_CONTROLS
                emit("control", **seen)
                watch_for_hangs()
            taken()
            yield

        def pytest_runtest_logstart(
            self, nodeid: str, location: tuple[str, int | None, str]
        ) -> None:
            emit("started", name=nodeid, path=location[0], line=location[1])

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(
            self, item: pytest.Item, call: pytest.CallInfo[None]
        ) -> Generator[None, Any, None]:
            raised = call.excinfo.value if call.excinfo is not None else None
            marked = next(item.iter_markers("xfail"), None) is not None
            may_fail = marked or isinstance(raised, pytest.xfail.Exception)
            outcome = yield
            report = outcome.get_result()
            expected = hasattr(report, "wasxfail") and report.outcome != "failed" and may_fail
            if raised is None:
                truth = report.outcome
            elif expected or isinstance(raised, SKIPS):
                truth = "skipped"
            else:
                truth = "failed"
            truths[item.nodeid, call.when] = {
                "truth": truth,
                "expecting": may_fail,
                "watched": witness.watches(function_of(item)),
            }

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            name, when = report.nodeid, str(report.when)
            emit(
                "phase",
                name=name,
                when=when,
                outcome=report.outcome,
                **truths.get((name, when), {"truth": "unknown"}),
                expected_failure=getattr(report, "wasxfail", None),
                part=hasattr(report, "context"),
                duration=report.duration,
                **({"ran": taken()} if when == "teardown" else {}),
                **({"replaced": replaced()} if when == "call" else {}),
                **(evidence(report) if report.outcome != "passed" else {}),
            )
            if report.failed:
                watch_for_hangs()

        def pytest_internalerror(self, excrepr: object) -> None:
            emit("internal_error", message=str(excrepr)[-DETAIL_CHARACTERS:])

        def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
            emit("interrupted", message=excinfo.exconly()[:MESSAGE_CHARACTERS])

        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
            stopped = session.shouldstop or session.shouldfail or ""
            emit("finished", exit_status=int(exitstatus), stopped=str(stopped))

    def say(event: str, items: list[pytest.Item]) -> None:
        names = [item.nodeid for item in items]
        for start in range(0, max(1, len(names)), IDS_PER_RECORD):
            emit(event, names=names[start : start + IDS_PER_RECORD])

    return Reporter()
