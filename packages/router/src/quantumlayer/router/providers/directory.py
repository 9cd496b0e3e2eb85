"""Which provider answers for a model's name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from quantumlayer.router.errors import BadRequest
from quantumlayer.router.providers.protocol import Provider


@dataclass(frozen=True, slots=True)
class Resolved:
    """The provider of a model; `metered` is false where calls cost neither money nor tokens."""

    provider: Provider
    metered: bool


class ProviderDirectory:
    """Providers inside this process by name, and one for every other name.

    `in_process` maps a model's whole name (such as `builtin`) to its provider; these are not
    metered. Names that are not in it go to `external`, if there is one and they are `offered`: a
    name says to which address a prompt is sent, so it is never a client's to choose freely.
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

    def resolve(self, model: str) -> Resolved:
        """The provider for `model`; raises `BadRequest` when there is none."""
        if model in self._in_process:
            return Resolved(self._in_process[model], metered=False)
        offered = self._offered is None or model in self._offered
        if self._external is None or not offered:
            known = ", ".join(sorted({*self._in_process, *(self._offered or ())})) or "none"
            raise BadRequest(f"no provider serves the model {model!r}; known models: {known}")
        return Resolved(self._external, metered=True)
