"""The address of one preview: a name of its own, which nobody can guess.

Cookies and storage know hosts and no ports, so a preview must not live under a name that anything
else has. `<random>.localhost` leads browsers to this machine (RFC 6761), is another site than
`localhost`, `127.0.0.1` and every other preview, and no page elsewhere can name it.
"""

import secrets
from dataclasses import dataclass, field

RANDOM_BYTES = 16
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Address:
    """Where a browser of this machine finds a preview. `framed_by`: the origins that may show it.

    `withheld` are cookies of others which the application neither gets nor sets.
    """

    port: int
    name: str = field(default_factory=lambda: f"{secrets.token_hex(RANDOM_BYTES)}.localhost")
    framed_by: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """As browsers send it."""
        return f"{self.name}:{self.port}"

    @property
    def url(self) -> str:
        """What a person opens."""
        return f"http://{self.host}/"

    @property
    def policy(self) -> str:
        """What the page may do beside its own policy, of which both hold.

        It talks to its own application alone: else it could reach every service of this machine.
        """
        framed = " ".join(self.framed_by) or "'none'"
        return f"frame-ancestors {framed}; connect-src 'self' ws://{self.host}; form-action 'self'"
