"""Texts as vectors of what they mean, where a model makes such vectors."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

Vectors = Callable[[Sequence[str]], Awaitable[Sequence[Sequence[float]]]]
"""Texts → a vector of each, in their order; raises whatever keeps it from that."""

_DIGEST_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Meaning:
    """A model of meaning by its name, and the least cosine of texts that it counts as near.

    Vectors of two models are never compared.
    """

    model: str
    vectors: Vectors
    likeness: float

    @property
    def digest(self) -> str:
        """The model's name, as it can stand in a name."""
        return sha256(self.model.encode()).hexdigest()[:_DIGEST_CHARACTERS]
