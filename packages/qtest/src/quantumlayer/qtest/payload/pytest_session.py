"""Runs pytest inside the sandbox and reports each event over a private descriptor.

Every record is authenticated with a key that arrives on stdin and is read before any code of the
project is loaded; each signature covers the one before, so records cannot be added, changed, left
out or reordered by anything that only gets hold of the descriptor. What a test's outcome was is
taken from the call itself, not from what later hooks made of it.

usage: pytest_session.py WORKSPACE [SOURCE_FOLDER …] -- [pytest arguments]
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
from typing import Any  # noqa: E402

import coverage  # noqa: E402
import pytest  # noqa: E402

MESSAGE_CHARACTERS = 2_000
DETAIL_CHARACTERS = 12_000
SECTION_CHARACTERS = 2_000
IDS_PER_RECORD = 200
TEST_FILES = ["*/tests/*", "*/test/*", "*/test_*.py", "*/*_test.py", "*/conftest.py"]
TOOLING = ["*/setup.py", "*/noxfile.py", "*/site-packages/*", "*/.*/*"]
NEVER_RUN = ["if TYPE_CHECKING:", "if __name__ == .__main__.:", r"^\s*\.\.\.$"]

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


def start_coverage(workspace: str) -> coverage.Coverage:
    """Measure lines and branches of the project's own code, with the fastest core there is.

    The project's own settings are not read: they could leave out whatever is not tested.
    """
    concurrency = ["thread"]
    if importlib.util.find_spec("greenlet") is not None:
        concurrency.append("greenlet")
    measuring = coverage.Coverage(
        data_file=None,
        branch=True,
        config_file=False,
        source=[workspace],
        omit=[*TEST_FILES, *TOOLING],
        concurrency=concurrency,
        messages=False,
    )
    for pattern in NEVER_RUN:
        measuring.exclude(pattern)
    measuring.start()
    return measuring


def report_coverage(measuring: coverage.Coverage, emit: Emit) -> None:
    """Send one record a file and one with the totals."""
    measuring.stop()
    path = os.path.join(os.environ.get("TMPDIR", "."), ".coverage-report.json")  # noqa: PTH118
    try:
        measuring.json_report(outfile=path, ignore_errors=True)
    except coverage.exceptions.NoDataError:
        return
    with open(path, encoding="utf-8") as stream:  # noqa: PTH123
        found = json.load(stream)
    for name, entry in found["files"].items():
        summary = entry["summary"]
        emit(
            "file_coverage",
            path=name,
            statements=summary["num_statements"],
            covered=summary["covered_lines"],
            branches=summary["num_branches"],
            covered_branches=summary["covered_branches"],
            missing=entry["missing_lines"],
        )


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
    measuring = start_coverage(workspace)
    status = int(pytest.main(sys.argv[1:], plugins=[reporter]))
    faulthandler.cancel_dump_traceback_later()
    report_coverage(measuring, emit)
    emit("closed", exit_status=status)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
