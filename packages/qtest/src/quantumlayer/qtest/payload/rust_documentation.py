"""The examples in Rust's comments, compiled and run by rustdoc."""

import os
import re

from quantumlayer.qtest.payload.guarded import distrust, guarded
from quantumlayer.qtest.payload.session import Session
from quantumlayer.qtest.payload.steps import run
from quantumlayer.qtest.payload.witness import Witness

PANIC = re.compile(
    r"panicked at (?:'(?P<old>.*)', )?(?P<path>[^\s:]+\.rs):(?P<line>\d+):\d+:?\n?(?P<message>.*)"
)
DOC_RESULT = re.compile(
    r"^test (?P<path>\S+\.rs) - (?P<item>.*?)\(line (?P<line>\d+)\)(?P<kind>[^.]*)"
    r" \.\.\. (?P<outcome>ok|FAILED|ignored)",
    re.MULTILINE,
)
DOC_FAILURE = "---- {} stdout ----"


def run_documentation(project: Session, witness: Witness, root: str) -> None:
    """The examples in comments. rustdoc, which runs none of them in its own process, judges; each
    example must also have come to its own end."""
    project.emit("started", name="documentation")
    done = run(
        ["cargo", "test", "--doc", "--offline", "--workspace"],
        folder=f"{project.workspace}/{root}",
        variables=guarded(witness),
        cap=project.plan["output_bytes"],
    )
    left = [each for each in witness.take() if each.lines not in (["returned 0"], ["returned 101"])]
    results = list(DOC_RESULT.finditer(done.output))
    for result in results:
        whole = f"{result['path']} - {result['item']}(line {result['line']})"
        section = done.output.partition(DOC_FAILURE.format(whole))[2].partition("\n----")[0]
        panic = PANIC.search(section)
        project.case(
            whole,
            {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}[result["outcome"]],
            path=placed(result["path"], root),
            line=int(result["line"]),
            message=(panic["message"] if panic else section.strip()[-500:]),
            details=section,
        )
    failed = [result for result in results if result["outcome"] == "FAILED"]
    problem = next((text for text in (distrust([each]) for each in left) if text), "")
    if problem or (done.status != 0 and not failed):
        project.case(
            "examples in the documentation", "error", details=done.said,
            message=problem or "rustdoc did not run them to their end.",
        )  # fmt: skip


def placed(path: str, root: str) -> str:
    """A path as the project knows it, of one that counts from a root."""
    return os.path.normpath(f"{root}/{path}") if path and not path.startswith("/") else path
