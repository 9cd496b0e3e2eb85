"""Which provider answers for a model's name."""

from collections.abc import Mapping
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
    metered. Names that are not in it go to `external`, if there is one.
    """

    def __init__(
        self, in_process: Mapping[str, Provider], external: Provider | None = None
    ) -> None:
        self._in_process = dict(in_process)
        self._external = external

    def resolve(self, model: str) -> Resolved:
        """The provider for `model`; raises `BadRequest` when there is none."""
        if model in self._in_process:
            return Resolved(self._in_process[model], metered=False)
        if self._external is None:
            known = ", ".join(sorted(self._in_process)) or "none"
            raise BadRequest(f"no provider serves the model {model!r}; known models: {known}")
        return Resolved(self._external, metered=True)
