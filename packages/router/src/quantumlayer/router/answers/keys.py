"""What two questions have in common when one answer serves both: their digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import orjson

# Another number when the meaning of a stored answer changes: the older ones are then misses.
_VERSION = 1


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """A question within its organisation. The organisation is in the digest and in the name."""

    organisation_id: UUID
    digest: str

    @property
    def redis_name(self) -> str:
        """In braces what a Redis cluster hashes: one organisation's answers lie together."""
        return f"answers:{{{self.organisation_id}}}:{self.digest}"


def answer_key(organisation_id: UUID, depends_on: Mapping[str, object]) -> AnswerKey:
    """The key of whatever the answer depends on: model, messages, parameters, tools, profile."""
    return AnswerKey(organisation_id, request_hash(organisation_id, depends_on))


def request_hash(organisation_id: UUID, request: Mapping[str, object]) -> str:
    """SHA-256 of the canonical JSON of the request, different for each organisation.

    Keys are sorted at every depth; lists keep their order. Raises `TypeError` for what is not JSON.
    """
    whole = {"version": _VERSION, "organisation": str(organisation_id), "request": request}
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()
