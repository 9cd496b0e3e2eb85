"""Where a request goes, and what a person would set to send it elsewhere."""

from dataclasses import dataclass, field


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

    def at(self, url: str) -> "Target":
        """The same, at another address of the provider."""
        # Field by field, as `replace` takes several times as long and every call comes through.
        return Target(
            self.provider,
            url,
            self.model,
            self.key,
            self.proxy,
            self.key_variable,
            self.url_variable,
        )

    def hidden(self, text: str) -> str:
        """`text` with the key made unreadable."""
        return text.replace(self.key, "[key]") if self.key else text
