"""The map of a tree: what models are shown of code that they are not shown."""

from collections.abc import Mapping, Sequence

from quantumlayer.parser import SourceText, source_map
from quantumlayer.worker.runtime import Runtime

MAP_TOKENS = 1_000
# What has keys and headings, and nothing that is called.
NO_CODE = frozenset({"json", "yaml", "toml", "xml", "markdown", "dockerfile"})


async def map_of(
    runtime: Runtime,
    texts: Mapping[str, str],
    problems: Sequence[str] = (),
    budget: int = MAP_TOKENS,
) -> str:
    """The code's most important symbols, those near what the problems name first."""
    sources = [SourceText(path=path, content=content) for path, content in texts.items()]
    evidence = "\n".join(problems)
    named = [path for path in texts if path in evidence]
    code = [one for one in await runtime.parser.analyze(sources) if one.language not in NO_CODE]
    return source_map(code, texts, budget=budget, focus=named)
