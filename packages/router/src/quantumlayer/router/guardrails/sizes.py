"""How large requests and answers may be."""

from dataclasses import dataclass

from quantumlayer.router.guardrails.module import ALLOW, Exchange, Guard, Kind, Refuse, Verdict

_ASCII_TOKEN = 4
"""Characters of a token of English or code, on average; other scripts have about one each."""


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has; off by a third either way, as vocabularies differ."""
    if text.isascii():
        return -(-len(text) // _ASCII_TOKEN)
    others = len(text.encode()) - len(text)
    return -(-(len(text) + others) // _ASCII_TOKEN) + others // 3


@dataclass(frozen=True)
class Sizes:
    """Refuses what is larger than a limit; None sets none."""

    characters: int | None = 2_000_000
    texts: int | None = 2_000
    tokens: int | None = None
    answer_characters: int | None = None
    name: str = "sizes"
    kind: Kind = Kind.POLICY
    order: int = 20
    limit_milliseconds: float = 10

    def open(self) -> Guard:
        """A guard for one exchange."""
        return _Guard(self)


class _Guard(Guard):
    def __init__(self, limits: Sizes) -> None:
        self._limits = limits
        self._answered = 0

    def before(self, exchange: Exchange) -> Verdict:
        limits = self._limits
        return (
            _over("texts", len(exchange.texts), limits.texts)
            or _over("characters", sum(map(len, exchange.texts)), limits.characters)
            or (
                limits.tokens is not None
                and _over("tokens", sum(map(estimated_tokens, exchange.texts)), limits.tokens)
            )
            or ALLOW
        )

    def on_chunk(self, text: str) -> Verdict:
        self._answered += len(text)
        limit = self._limits.answer_characters
        return _over("characters of the answer", self._answered, limit) or ALLOW

    def after(self, text: str) -> Verdict:
        return self.on_chunk(text)

    @property
    def listens(self) -> bool:
        return self._limits.answer_characters is not None


def _over(what: str, size: int, limit: int | None) -> Refuse | None:
    if limit is None or size <= limit:
        return None
    return Refuse(
        "too-large",
        f"{size:,} {what} are more than the {limit:,} that are allowed.",
        "Send or ask for less at once, or have the limit raised.",
    )
