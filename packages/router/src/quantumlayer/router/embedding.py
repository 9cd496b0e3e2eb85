"""Texts → vectors, by a server that speaks OpenAI's format: a provider, or the gateway."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, JsonValue, SecretStr, ValidationError

from quantumlayer.router.errors import ProviderUnavailable, Timeout
from quantumlayer.router.transport.exchange import post_document
from quantumlayer.router.transport.targets import Target
from quantumlayer.router.wires.wire import bearer

Vector = tuple[float, ...]


class _Numbered(BaseModel):
    model_config = ConfigDict(extra="ignore")

    index: int
    embedding: Vector


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    data: tuple[_Numbered, ...]


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """A model that makes vectors, at `<base_url>/embeddings`."""

    base_url: str
    name: str
    api_key: SecretStr | None = None
    timeout_seconds: float = 10

    async def vectors(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """A vector for each text, in their order.

        Raises `RouterError`: what the server refuses, `Timeout`, and `ProviderUnavailable` where
        what it sends are not as many vectors.
        """
        key = self.api_key.get_secret_value() if self.api_key else None
        url = f"{self.base_url.rstrip('/')}/embeddings"
        target = Target(provider="the embeddings", url=url, model=self.name, key=key)
        body: dict[str, JsonValue] = {
            "model": self.name,
            "input": [*texts],
            "encoding_format": "float",
        }
        try:
            said = await post_document(target, bearer(key), body, self.timeout_seconds)
            found = sorted(_Answer.model_validate(said).data, key=lambda one: one.index)
        except TimeoutError:
            reason = f"the embeddings did not come within {self.timeout_seconds:g} s"
            raise Timeout(reason) from None
        except ValidationError:
            raise ProviderUnavailable("the embeddings sent what are no vectors") from None
        if [one.index for one in found] != [*range(len(texts))]:
            raise ProviderUnavailable(f"the embeddings sent {len(found)} vectors for {len(texts)}")
        return tuple(one.embedding for one in found)
