"""The module that keeps personal data from models."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from quantumlayer.router.guardrails.module import (
    ALLOW,
    Allow,
    Exchange,
    Guard,
    Kind,
    Replace,
    Verdict,
)
from quantumlayer.router.guardrails.personal.finding import KINDS, Finder
from quantumlayer.router.guardrails.personal.masks import Masks, tail


@dataclass(frozen=True)
class PersonalData:
    """Masks personal data of some kinds in requests, and puts it back into their answers."""

    name: str = "personal-data"
    kind: Kind = Kind.POLICY
    order: int = 80
    limit_milliseconds: float = 50
    kinds: Iterable[str] = KINDS
    _finder: Finder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError for kinds that there are not."""
        object.__setattr__(self, "_finder", Finder(self.kinds))

    def open(self) -> Guard:
        """A guard with placeholders of its own."""
        return _Guard(self._finder)


class _Guard(Guard):
    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._masks = Masks()
        self._tail = tail()

    def before(self, exchange: Exchange) -> Verdict:
        found = [self._finder.find(text) for text in exchange.texts]
        if not any(found):
            return ALLOW
        for text in exchange.texts:
            self._masks.keep_clear_of(text)
        pairs = zip(exchange.texts, found, strict=True)
        return Replace(tuple(self._masks.mask(text, data) for text, data in pairs))

    def on_chunk(self, text: str) -> Verdict:
        return self._restored(self._tail.take(text)) if self._masks else ALLOW

    def after(self, text: str) -> Verdict:
        return self._restored(self._tail.rest(text)) if self._masks else ALLOW

    def _restored(self, text: str) -> Verdict:
        restored = self._masks.restore(text)
        return Allow(text) if restored == text else Replace((restored,))

    @property
    def listens(self) -> bool:
        return bool(self._masks)

    @property
    def held(self) -> str:
        return self._tail.text
