"""What a module's look at a request costs, and the whole pipeline's at requests and streams."""

import asyncio
import statistics
from collections.abc import Sequence
from random import Random
from time import thread_time

from benchmarks.figures import Figure
from benchmarks.guardrail_measures.false_alarms import own_code
from benchmarks.guardrail_measures.modules import MODEL, MODULES
from quantumlayer.router.guardrails import Exchange, Module, Pipeline, Refusal

ROUNDS = 400


def costs() -> list[Figure]:
    """Milliseconds of a module's look at a request, and of the whole pipeline."""
    figures = []
    code = "\n".join(own_code())
    for kilobytes in (2, 20):
        size = 1_000 * kilobytes
        starts = Random(kilobytes).sample(range(len(code) - size), ROUNDS)  # noqa: S311 - always the same
        texts = [code[start : start + size] for start in starts]
        for name, module in MODULES.items():
            spent = [_look(module, text) for text in texts]
            figures.append(
                Figure(
                    f"{name}: {kilobytes} KB of code, p95 of CPU time", _p95(spent[20:]), "ms", 2
                )
            )
        together = asyncio.run(_together(texts))
        figures.append(
            Figure(f"all modules: {kilobytes} KB of code, p95 of CPU time", _p95(together), "ms")
        )
    chunks = asyncio.run(_chunks(code[:100_000]))
    figures.append(
        Figure(
            "all modules: a chunk of a stream, 16 characters, p95 of CPU time", _p95(chunks), "ms"
        )
    )
    return figures


def _look(module: Module, text: str) -> float:
    begun = thread_time()
    module.open().before(Exchange(MODEL, (text,)))
    return 1000 * (thread_time() - begun)


async def _together(texts: Sequence[str]) -> list[float]:
    pipeline = _pipeline()
    spent = []
    for text in texts:
        begun = thread_time()
        await pipeline.open().before(Exchange(MODEL, (text,)))
        spent.append(1000 * (thread_time() - begun))
    return spent


async def _chunks(answer: str) -> list[float]:
    passage = _pipeline().open()
    await passage.before(
        Exchange(MODEL, ("Write a function that sends mail to ada@lovelace.org.",))
    )
    spent = []
    for start in range(0, len(answer), 16):
        begun = thread_time()
        given = await passage.on_chunk(answer[start : start + 16])
        spent.append(1000 * (thread_time() - begun))
        assert not isinstance(given, Refusal), given  # noqa: S101 - code of ours
    return spent


def _pipeline() -> Pipeline:
    return Pipeline([module for name, module in MODULES.items() if name == module.name])


def _p95(spent: Sequence[float]) -> float:
    return statistics.quantiles(spent, n=100)[94]
