"""What Node says of JavaScript, its dialects included: asked in processes that can be killed."""

import json
import re
import shutil
from collections.abc import Awaitable, Callable, Sequence
from importlib import resources

from quantumlayer.parser.decoding import as_utf8
from quantumlayer.parser.excerpt import excerpt
from quantumlayer.parser.model import SyntaxProblem, SyntaxReport, SyntaxTier
from quantumlayer.parser.pool import WorkerPool

# What is left of dialects once JSX and decorators are taken out: types, which are stripped before
# anything is run.
_TYPED = re.compile(rb"@flow\b|\bimport typeof?\b|\bexport type\b")

Plain = Callable[[], Awaitable[bytes | None]]
"""The same source, place by place, without JSX and decorators; None where it holds neither."""


def node_pool(node: str | None, size: int, time_limit_seconds: float) -> WorkerPool | None:
    """Processes of Node that check syntax; None where there is no Node.

    `node` names another program than that on the PATH, none when it is empty.
    """
    program = shutil.which("node") if node is None else node
    if not program:
        return None
    script = str(resources.files("quantumlayer.parser").joinpath("node_worker.cjs"))
    flags = ("--no-warnings", "--experimental-vm-modules", "--max-old-space-size=512")
    command = (program, *flags, script, f"{time_limit_seconds:g}")
    return WorkerPool(command, size=size, time_limit_seconds=time_limit_seconds)


async def node_syntax(
    pool: WorkerPool, wanted: Sequence[str], data: bytes, grammar: SyntaxReport, plain: Plain
) -> SyntaxReport:
    """Node's word on a source, or on what is left of it without the dialects that Node lacks.

    `wanted` are the goals that it may be read with, `grammar` what tree-sitter says of it.
    Raises WorkerGone.
    """
    first = await _refusal(pool, wanted, data)
    if first is None:
        return SyntaxReport(tier=SyntaxTier.NODE)
    without = await plain()
    if without is not None:
        refused = await _refusal(pool, wanted, without)
        if refused is None:
            return SyntaxReport(tier=SyntaxTier.NODE)
        # Of the two, the grammar knows JSX and says what is wrong with it.
        return SyntaxReport(
            tier=SyntaxTier.NODE, errors=grammar.problems or (_shown(refused, data),)
        )
    if not grammar.problems and _TYPED.search(data):
        return grammar
    return SyntaxReport(tier=SyntaxTier.NODE, errors=(_shown(first, data),))


async def _refusal(
    pool: WorkerPool, wanted: Sequence[str], data: bytes
) -> dict[str, object] | None:
    """None when the source is well formed for any goal; else what is wrong for the first."""
    first: dict[str, object] | None = None
    for goal in wanted:
        error = json.loads(await pool.ask({"goal": goal}, data))["error"]
        if error is None:
            return None
        first = first or error
    return first


def _shown(error: dict[str, object], data: bytes) -> SyntaxProblem:
    problem = SyntaxProblem.model_validate(error)
    lines = as_utf8(data).decode("utf-8", errors="replace").split("\n")
    return problem.model_copy(update={"excerpt": excerpt(lines, problem.line, problem.column)})
