"""Which provider answers for a model's name."""

from collections.abc import Collection, Mapping
from typing import Protocol

from quantumlayer.core.models import is_offered
from quantumlayer.router.errors import BadRequest
from quantumlayer.router.providers.protocol import Provider, ProviderTraits


class External(Protocol):
    """Knows the providers of models outside this process."""

    def provider(self, model: str) -> Provider:
        """The model's provider; raises `BadRequest` when its name says none."""
        ...

    async def check(self, model: str) -> None:
        """Raises, within two seconds, what would keep every call of the model from working."""
        ...


class ProviderDirectory:
    """Providers inside this process by name, and those outside by the prefix of a name.

    `in_process` maps a model's whole name to its provider. Other names go outside if they are
    `offered`: a name says to which address a prompt is sent, so it is never a client's to choose
    freely.
    """

    def __init__(
        self,
        in_process: Mapping[str, Provider],
        external: External | None = None,
        offered: Collection[str] | None = None,
    ) -> None:
        """`offered` are names and patterns such as `openai/gpt-5*`; None: any name."""
        self._in_process = dict(in_process)
        self._external = external
        self._offered = None if offered is None else tuple(offered)

    def resolve(self, model: str) -> Provider:
        """The provider for `model`; raises `BadRequest` when there is none."""
        if model in self._in_process:
            return self._in_process[model]
        return self._outside(model).provider(model)

    def traits(self, model: str) -> ProviderTraits:
        """What `model` is like; of one that nobody serves, what language models are like."""
        provider = self._in_process.get(model)
        return provider.traits if provider else ProviderTraits()

    async def check(self, model: str) -> None:
        """Raises the `RouterError` that every call of `model` would end with, if that is known.

        Takes two seconds at most and costs nothing.
        """
        if model not in self._in_process:
            await self._outside(model).check(model)

    def _outside(self, model: str) -> External:
        offered = self._offered is None or is_offered(model, self._offered)
        if self._external is None or not offered:
            known = ", ".join(sorted({*self._in_process, *(self._offered or ())})) or "none"
            raise BadRequest(f"no provider serves the model {model!r}; known models: {known}")
        return self._external
