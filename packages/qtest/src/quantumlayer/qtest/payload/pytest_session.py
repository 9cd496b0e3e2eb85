"""Runs pytest inside the sandbox and reports each event over a private descriptor.

Every record is authenticated with a key that arrives on stdin and is read before any code of the
project is loaded; each signature covers the one before, so records cannot be added, changed, left
out or reordered by anything that only gets hold of the descriptor. What a test's outcome was is
taken from the call itself, not from what later hooks made of it.

usage: pytest_session.py WORKSPACE SECONDS [SOURCE_FOLDER …] -- [pytest arguments]

SECONDS is when to print where every thread is, as evidence of what hangs.
"""

import gc

# Nothing that is imported here is ever garbage. Looking for it, now, during the tests, and once
# more at exit, would cost a short run a fifth of its time.
gc.disable()

import faulthandler  # noqa: E402
import hashlib  # noqa: E402
import hmac  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Generator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Any, cast  # noqa: E402

import coverage  # noqa: E402
import pytest  # noqa: E402

if TYPE_CHECKING:
    from quantumlayer.qtest.payload.measuring import Measuring

MESSAGE_CHARACTERS = 2_000
DETAIL_CHARACTERS = 12_000
SECTION_CHARACTERS = 2_000
IDS_PER_RECORD = 200

Emit = Callable[..., None]


def open_channel() -> Emit:
    """The function that sends records. Takes the key from stdin and leaves stdin empty."""
    descriptor = int(os.environ.pop("SANDBOX_REPORT_FD"))
    key = sys.stdin.buffer.read()
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - no import that tests could intercept
        os.dup2(nothing.fileno(), 0)
    os.set_inheritable(descriptor, False)
    signature, sent = b"", 0
    write, digest, dumps, own_process = os.write, hmac.digest, json.dumps, os.getpid()
    algorithm = hashlib.sha256().name

    def emit(event: str, **fields: object) -> None:
        nonlocal signature, sent
        if os.getpid() != own_process:
            return  # a fork of the session, which would break the chain of signatures
        sent += 1
        line = dumps({"event": event, "number": sent, **fields}, default=str).encode()
        signature = digest(key, signature + line, algorithm)
        record = signature.hex().encode() + b" " + line + b"\n"
        while record:
            record = record[write(descriptor, record) :]

    return emit


class Reporter:
    """The pytest plugin that turns hooks into records."""

    def __init__(self, emit: Emit) -> None:
        self.emit = emit
        self.truths: dict[tuple[str, str], str] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        names = [item.nodeid for item in session.items]
        for start in range(0, len(names), IDS_PER_RECORD):
            self.emit("collected", names=names[start : start + IDS_PER_RECORD])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.emit("collection_failed", name=report.nodeid, **evidence(report))
        elif report.skipped:
            self.emit("collection_skipped", name=report.nodeid, **evidence(report))

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        self.emit("started", name=nodeid, path=location[0], line=location[1])

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, None]:
        raised = call.excinfo.value if call.excinfo is not None else None
        outcome = yield
        report = outcome.get_result()
        expected = hasattr(report, "wasxfail") and report.outcome != "failed"
        if raised is None:
            truth = report.outcome
        elif expected or is_skip(raised):
            truth = "skipped"
        else:
            truth = "failed"
        self.truths[item.nodeid, call.when] = truth

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name, when = report.nodeid, str(report.when)
        self.emit(
            "phase",
            name=name,
            when=when,
            outcome=report.outcome,
            truth=self.truths.get((name, when), "unknown"),
            expected_failure=getattr(report, "wasxfail", None),
            duration=report.duration,
            **(evidence(report) if report.outcome != "passed" else {}),
        )

    def pytest_internalerror(self, excrepr: object) -> None:
        self.emit("internal_error", message=str(excrepr)[-DETAIL_CHARACTERS:])

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        self.emit("interrupted", message=excinfo.exconly()[:MESSAGE_CHARACTERS])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        stopped = session.shouldstop or session.shouldfail or ""
        self.emit("finished", exit_status=int(exitstatus), stopped=str(stopped))


def is_skip(raised: BaseException) -> bool:
    return type(raised).__name__ in {"Skipped", "SkipTest", "XFailed"}


def evidence(report: pytest.CollectReport | pytest.TestReport) -> dict[str, object]:
    """What a person needs to understand a report: a message, a traceback, a place, the output."""
    longrepr = report.longrepr
    if isinstance(longrepr, tuple):  # a skip: path, line, reason
        path, line, reason = longrepr
        return {"message": str(reason)[:MESSAGE_CHARACTERS], "path": str(path), "line": line}
    crash = getattr(longrepr, "reprcrash", None)
    details = report.longreprtext[-DETAIL_CHARACTERS:]
    for title, content in getattr(report, "sections", ()):
        details += f"\n--- {title} ---\n{content[-SECTION_CHARACTERS:]}"
    found: dict[str, object] = {"message": details[-MESSAGE_CHARACTERS:], "details": details}
    if crash is not None:
        found |= {"message": crash.message[:MESSAGE_CHARACTERS], "path": crash.path}
        found["line"] = crash.lineno
    return found


def start_measuring(workspace: str) -> "Measuring":
    """Load our other half under a name, and from a path, that no project can take or need."""
    path = Path(__file__).with_name("measuring.py")
    spec = importlib.util.spec_from_file_location("_quantumlayer_measuring", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Measuring", module.Measuring(workspace))


def watch_for_hangs(seconds: float) -> None:
    """Shortly before the time is up, print where every thread is: evidence of what hangs."""
    faulthandler.dump_traceback_later(seconds, file=os.dup(2))


def main(arguments: list[str]) -> int:
    """Run the session; the exit status is pytest's."""
    gc.freeze()
    gc.enable()
    emit = open_channel()
    workspace, seconds, *folders = arguments[: arguments.index("--")]
    emit("opened", pytest=pytest.__version__, coverage=coverage.__version__)
    watch_for_hangs(float(seconds))
    if folders:
        # As if the project were installed, for the programs that the tests start, too.
        os.environ["PYTHONPATH"] = os.pathsep.join(folders)
    sys.path[:0] = [workspace, *folders]
    sys.argv = ["pytest", *arguments[arguments.index("--") + 1 :]]
    reporter = Reporter(emit)
    measuring = start_measuring(workspace)
    status = int(pytest.main(sys.argv[1:], plugins=[reporter, measuring]))
    faulthandler.cancel_dump_traceback_later()
    measuring.report(emit)
    emit("closed", exit_status=status)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
