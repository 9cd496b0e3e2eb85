"""Where a request goes, and what a person would set to send it elsewhere."""

from dataclasses import dataclass, field, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Target:
    """An address at a provider.

    `key_variable` and `url_variable` are the environment variables which a person would set when
    the key or the address is wrong; None where there is nothing to set.
    """

    provider: str
    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    proxy: str | None = None
    key_variable: str | None = None
    url_variable: str | None = None

    def at(self, url: str) -> Self:
        """The same, at another address of the provider."""
        return replace(self, url=url)

    def hidden(self, text: str) -> str:
        """`text` with the key made unreadable."""
        return text.replace(self.key, "[key]") if self.key else text
