"""Answers that were given to nearly the same question: opened, looked up, kept."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from quantumlayer.core.identity import organisation_id
from quantumlayer.gateway.dialects import Dialect
from quantumlayer.gateway.http import Request
from quantumlayer.gateway.serving.call import Call
from quantumlayer.gateway.serving.embedding import vector_of
from quantumlayer.gateway.serving.setup import Setup
from quantumlayer.router.answers import (
    SemanticCache,
    SemanticLookup,
    SemanticPolicy,
    SemanticQuestion,
)
from quantumlayer.router.configuration import Configuration

_log = logging.getLogger(__name__)


@asynccontextmanager
async def opened(configuration: Configuration) -> AsyncIterator[SemanticCache | None]:
    """The cache that is configured; None where there is none, or another process has its folder."""
    cache = configuration.cache
    if cache is None or cache.semantic is None:
        yield None
        return
    wanted = cache.semantic
    location = wanted.qdrant or Path(configuration.state) / "semantic"
    policy = SemanticPolicy(threshold=wanted.likeness, ttl_seconds=cache.seconds)
    model = embedding_of(configuration) or ""
    try:
        semantic = await SemanticCache.open(location, embedding=model, policy=policy)
    except RuntimeError as error:
        _log.warning("this process keeps no answers to like questions: %s", error)
        yield None
        return
    try:
        yield semantic
    finally:
        await semantic.close()


def embedding_of(configuration: Configuration) -> str | None:
    """The name of the model that makes vectors; None where nothing is looked up by likeness."""
    cache = configuration.cache
    if cache is None or cache.semantic is None:
        return None
    return configuration.models[cache.semantic.embeddings].deployments[0].model.partition("/")[2]


def question_of(call: Call, dialect: Dialect) -> SemanticQuestion | None:
    """The last text of the request, all else of which must be equal; None where tools are offered.

    No wish of a client changes that: what acts is asked of a model that has seen the question.
    """
    asked = call.asked
    texts = dialect.texts(asked)
    if asked.acts or not texts:
        return None
    rest = dialect.replaced(asked, (*texts[:-1], ""))
    return SemanticQuestion.of(
        organisation_id(call.caller.organisation),
        model=asked.model,
        system="",
        text=texts[-1],
        exact={"endpoint": call.endpoint, "body": rest.body, "modules": call.caller.modules},
    )


async def like(
    question: SemanticQuestion, call: Call, setup: Setup, request: Request
) -> SemanticLookup | None:
    """What was answered to the nearest question; None where nothing of the kind is kept."""
    cache = setup.configuration.cache
    semantic = setup.parts.semantic
    if semantic is None or cache is None or cache.semantic is None:
        return None
    if embedding_of(setup.configuration) != setup.parts.embedding:
        return None  # another model since the start: a new start compares its vectors alone
    model = cache.semantic.embeddings
    return await semantic.find(
        question, embed=lambda text: vector_of(text, model, call, setup, request)
    )
