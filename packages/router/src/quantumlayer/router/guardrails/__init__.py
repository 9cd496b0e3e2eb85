"""Guardrails: modules that look at requests before a model and at answers after it.

pipeline = Pipeline([Secrets(), PersonalData(), Models(("openai/*",))])
passage = pipeline.open()
shown = await passage.before(Exchange(model, texts))      # an Exchange, or a Refusal
text = await passage.on_chunk(chunk)                       # of a stream, for each piece
text = await passage.after(rest)                           # always, once
"""

from quantumlayer.router.guardrails.abuse import Abuse, Category
from quantumlayer.router.guardrails.counts import Counts, Outcome, Side
from quantumlayer.router.guardrails.injection import PromptInjection
from quantumlayer.router.guardrails.installed import ENTRY_POINTS, Maker, available_modules
from quantumlayer.router.guardrails.journal import Journal
from quantumlayer.router.guardrails.models import Models
from quantumlayer.router.guardrails.module import (
    ALLOW,
    Allow,
    Answer,
    Exchange,
    Guard,
    Kind,
    Module,
    Refuse,
    Replace,
    Verdict,
)
from quantumlayer.router.guardrails.personal import PersonalData
from quantumlayer.router.guardrails.pipeline import Passage, Pipeline, Refusal
from quantumlayer.router.guardrails.secrets import Remedy, Secrets
from quantumlayer.router.guardrails.sizes import Sizes, estimated_tokens
from quantumlayer.router.guardrails.topics import Topic, Topics, known_topics

__all__ = [
    "ALLOW",
    "ENTRY_POINTS",
    "Abuse",
    "Allow",
    "Answer",
    "Category",
    "Counts",
    "Exchange",
    "Guard",
    "Journal",
    "Kind",
    "Maker",
    "Models",
    "Module",
    "Outcome",
    "Passage",
    "PersonalData",
    "Pipeline",
    "PromptInjection",
    "Refusal",
    "Refuse",
    "Remedy",
    "Replace",
    "Secrets",
    "Side",
    "Sizes",
    "Topic",
    "Topics",
    "Verdict",
    "available_modules",
    "estimated_tokens",
    "known_topics",
]
