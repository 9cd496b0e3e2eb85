"""Questions that may share an answer when they say nearly the same.

Near is not the same: "delete" and "do not delete" are neighbours in every embedding. So what must
be equal is part of the partition, the figures in the question included, and the rest very near.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from quantumlayer.router.answers.keys import request_hash
from quantumlayer.router.answers.nouns import Lookup

_FIGURES = re.compile(r"\d+(?:[.,:/-]\d+)*")


@dataclass(frozen=True, slots=True)
class SemanticQuestion:
    """A text, and what must be exactly equal for another text's answer to serve it."""

    organisation_id: UUID
    partition: str
    text: str

    @classmethod
    def of(
        cls,
        organisation_id: UUID,
        *,
        model: str,
        system: str,
        text: str,
        exact: Mapping[str, object],
    ) -> Self:
        """`exact`: parameters, answer format, earlier turns. Raises `TypeError` if not JSON."""
        equal = {
            "model": model,
            "system": system,
            "exact": exact,
            "figures": _FIGURES.findall(text),
        }
        return cls(organisation_id, request_hash(organisation_id, equal), text)

    @property
    def name(self) -> str:
        """What an answer is packed under, so that no other partition can read it."""
        return f"semantic:{self.organisation_id}:{self.partition}"


@dataclass(frozen=True, slots=True)
class SemanticLookup:
    """A look-up, its vector (None: it could not be had), and a hit's similarity."""

    question: SemanticQuestion
    vector: tuple[float, ...] | None
    found: Lookup
    similarity: float | None = None
