"""Which provider answers for a model's name."""

from collections.abc import Collection, Mapping

from quantumlayer.router.errors import BadRequest
from quantumlayer.router.providers.protocol import Provider, ProviderTraits


class ProviderDirectory:
    """Providers inside this process by name, and one for every other name.

    `in_process` maps a model's whole name to its provider. Names that are not in it go to
    `external`, if there is one and they are `offered`: a name says to which address a prompt is
    sent, so it is never a client's to choose freely.
    """

    def __init__(
        self,
        in_process: Mapping[str, Provider],
        external: Provider | None = None,
        offered: Collection[str] | None = None,
    ) -> None:
        """`offered` are the names that `external` may be asked; None: any."""
        self._in_process = dict(in_process)
        self._external = external
        self._offered = None if offered is None else frozenset(offered)

    def resolve(self, model: str) -> Provider:
        """The provider for `model`; raises `BadRequest` when there is none."""
        if model in self._in_process:
            return self._in_process[model]
        offered = self._offered is None or model in self._offered
        if self._external is None or not offered:
            known = ", ".join(sorted({*self._in_process, *(self._offered or ())})) or "none"
            raise BadRequest(f"no provider serves the model {model!r}; known models: {known}")
        return self._external

    def traits(self, model: str) -> ProviderTraits:
        """What `model` is like; of one that nobody serves, what language models are like."""
        provider = self._in_process.get(model, self._external)
        return provider.traits if provider else ProviderTraits()
