"""Answers given again: the exact cache, and the promise of idempotency keys."""

from quantumlayer.router.answers.cache import AnswerCache
from quantumlayer.router.answers.cacheable import Decision, RequestFacts, cacheable
from quantumlayer.router.answers.claims import (
    Claim,
    ClaimOutcome,
    IdempotencyStore,
    StoreGone,
)
from quantumlayer.router.answers.idempotency import (
    Beginning,
    Conflict,
    Idempotency,
    IdempotencyUnavailable,
    InProgress,
    NotKept,
    Replayed,
)
from quantumlayer.router.answers.keys import AnswerKey, answer_key, request_hash
from quantumlayer.router.answers.late_finishes import LateFinishes
from quantumlayer.router.answers.memory_answers import MemoryAnswers
from quantumlayer.router.answers.memory_claims import MemoryIdempotency
from quantumlayer.router.answers.nouns import Answer, Keeping, Lookup, Outcome
from quantumlayer.router.answers.ownership import Ending, Ownership, worth_keeping
from quantumlayer.router.answers.redis_answers import RedisAnswers, RedisGone
from quantumlayer.router.answers.redis_claims import RedisIdempotency
from quantumlayer.router.answers.semantic import SemanticCache, SemanticPolicy
from quantumlayer.router.answers.semantic_questions import SemanticLookup, SemanticQuestion

__all__ = [
    "Answer",
    "AnswerCache",
    "AnswerKey",
    "Beginning",
    "Claim",
    "ClaimOutcome",
    "Conflict",
    "Decision",
    "Ending",
    "Idempotency",
    "IdempotencyStore",
    "IdempotencyUnavailable",
    "InProgress",
    "Keeping",
    "LateFinishes",
    "Lookup",
    "MemoryAnswers",
    "MemoryIdempotency",
    "NotKept",
    "Outcome",
    "Ownership",
    "RedisAnswers",
    "RedisGone",
    "RedisIdempotency",
    "Replayed",
    "RequestFacts",
    "SemanticCache",
    "SemanticLookup",
    "SemanticPolicy",
    "SemanticQuestion",
    "StoreGone",
    "answer_key",
    "cacheable",
    "request_hash",
    "worth_keeping",
]
