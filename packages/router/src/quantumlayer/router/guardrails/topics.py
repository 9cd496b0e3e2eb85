"""Topics that requests must be about: a request that is on none of them is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from quantumlayer.router.guardrails.module import ALLOW, Exchange, Guard, Kind, Refuse, Verdict
from quantumlayer.router.guardrails.patterns import Pattern, escaped, table


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject by its words; `word*` stands for all that begins with it."""

    words: tuple[str, ...]
    least: int = 1
    """How many different words a text must hold."""


@cache
def known_topics() -> dict[str, Topic]:
    """The topics that come with the product, by name: `software`."""
    return {name: Topic(tuple(row["words"]), row["least"]) for name, row in table("topics").items()}


@dataclass(frozen=True)
class Topics:
    """Allows requests whose texts, taken together, are on one of the topics.

    Words decide: it keeps a deployment to its purpose, and stops nobody who knows that.
    """

    allowed: Mapping[str, Topic]
    name: str = "topics"
    kind: Kind = Kind.POLICY
    order: int = 30
    limit_milliseconds: float = 50
    _listeners: tuple["_Listener", ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError if no topic is allowed: then every request would be refused."""
        if not self.allowed:
            raise ValueError("name at least one topic that is allowed")
        listeners = tuple(map(_Listener, self.allowed.values()))
        object.__setattr__(self, "_listeners", listeners)

    def open(self) -> Guard:
        """A guard for one exchange."""
        return _Guard(tuple(self.allowed), self._listeners)


class _Listener:
    """Whether texts are on a topic."""

    def __init__(self, topic: Topic) -> None:
        forms = (
            escaped(word[:-1]) + r"\w*" if word.endswith("*") else escaped(word)
            for word in topic.words
        )
        self._pattern = Pattern(rf"\b(?:{'|'.join(forms)})\b", any_case=True)
        self._least = topic.least

    def hears(self, texts: tuple[str, ...]) -> bool:
        heard = set()
        for text in texts:
            for found in self._pattern.all(text):
                heard.add(found.text.lower())
                if len(heard) >= self._least:
                    return True
        return False


class _Guard(Guard):
    def __init__(self, names: tuple[str, ...], listeners: tuple[_Listener, ...]) -> None:
        self._names = names
        self._listeners = listeners

    def before(self, exchange: Exchange) -> Verdict:
        if any(listener.hears(exchange.texts) for listener in self._listeners):
            return ALLOW
        return Refuse(
            "topic-not-allowed",
            "The request is on none of the topics of this deployment.",
            f"Ask about one of these: {', '.join(self._names)}.",
        )
