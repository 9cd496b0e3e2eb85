"""Runs modules in their order, each within its time, and does what its kind says when it fails.

A verdict that comes late is obeyed, and counted as late: it is known by then. Only a module that
waits (`Answer` is an awaitable) can be stopped at its limit, and then there is no verdict.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter

from quantumlayer.router.guardrails.counts import Counts, Outcome, Side
from quantumlayer.router.guardrails.module import (
    Allow,
    Answer,
    Exchange,
    Guard,
    Kind,
    Module,
    Refuse,
    Replace,
    Verdict,
)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An exchange that ends here: which module refused it, and what it said."""

    module: str
    said: Refuse

    @property
    def undecided(self) -> bool:
        """Whether nothing was found: a policy gave no verdict, and fails closed."""
        return self.said in _NO_VERDICT.values()


class Pipeline:
    """The modules of a gateway, a route or a key."""

    def __init__(self, modules: Iterable[Module], counts: Counts | None = None) -> None:
        """Raises ValueError if two modules have one name: their counts could not be told apart."""
        self._modules = tuple(sorted(modules, key=lambda one: one.order))
        names = [one.name for one in self._modules]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two guardrail modules are named {', '.join(sorted(twice))}")
        self.counts = counts or Counts()

    def open(self) -> "Passage":
        """The way of one exchange through all modules."""
        return Passage([_Post(one, _guard_of(one)) for one in self._modules], self.counts)


def _guard_of(module: Module) -> Guard:
    try:
        return module.open()
    except Exception as error:
        _logger.exception("the guardrail module %s gave no guard", module.name)
        return _NoGuard(error)


class _NoGuard(Guard):
    """Fails at the first step, so that the module's kind decides what becomes of the exchange."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def before(self, exchange: Exchange) -> Answer:
        raise RuntimeError(f"no guard for a request to {exchange.model}") from self._error


@dataclass(slots=True)
class _Post:
    """A module and its guard; an inspector that failed is not asked again in this exchange."""

    module: Module
    guard: Guard
    dismissed: bool = False

    def has(self, step: str) -> bool:
        return not self.dismissed and getattr(type(self.guard), step) is not getattr(Guard, step)


class Passage:
    """One exchange: `before`, then `on_chunk` for each piece of a stream, then `after`."""

    def __init__(self, posts: Sequence[_Post], counts: Counts) -> None:
        self._posts = posts
        self._counts = counts
        self._outcomes: set[tuple[str, Outcome]] = set()  # of the answer
        self._listening: list[_Post] = []
        self._closing: list[_Post] = []
        self._listen()

    @property
    def hears_answers(self) -> bool:
        """Whether any module looks at answers; else they need not be taken apart for this."""
        return bool(self._listening or self._closing)

    async def before(self, exchange: Exchange) -> Exchange | Refusal:
        """The request as the model may see it."""
        for post in self._posts:
            if not post.has("before"):
                continue
            verdict = await self._asked(
                post, Side.REQUEST, partial(post.guard.before, exchange), len(exchange.texts)
            )
            if isinstance(verdict, Refuse):
                return Refusal(post.module.name, verdict)
            if isinstance(verdict, Replace):
                exchange = replace(exchange, texts=verdict.texts)
        self._listen()
        return exchange

    async def on_chunk(self, text: str) -> str | Refusal:
        """What of a streamed answer may go on now; empty while all of it is kept back."""
        given: str | Refusal = text
        for post in self._listening:
            if isinstance(given, Refusal) or not given:
                break
            given = await self._passed(post, given, post.guard.on_chunk)
        return given

    async def after(self, text: str = "") -> str | Refusal:
        """The end of the answer: the whole of it, or what a stream still owes."""
        given: str | Refusal = text
        for post in self._closing:
            if isinstance(given, Refusal):
                return given
            given = await self._passed(post, given, post.guard.after)
        asked = (post for post in (*self._listening, *self._closing) if not post.dismissed)
        known = {name for name, _ in self._outcomes}
        for name in {post.module.name for post in asked} - known:
            self._counts.add(name, Side.ANSWER, Outcome.ALLOWED)
        return given

    def _listen(self) -> None:
        """Finds out who wants to hear the answer."""
        backwards = [post for post in reversed(self._posts) if post.guard.listens]
        self._listening = [post for post in backwards if post.has("on_chunk")]
        self._closing = [post for post in backwards if post.has("after")]

    async def _passed(self, post: _Post, text: str, step: Callable[[str], Answer]) -> str | Refusal:
        if post.dismissed:
            return text
        verdict = await self._asked(post, Side.ANSWER, partial(step, text), 1)
        match verdict:
            case Refuse():
                return Refusal(post.module.name, verdict)
            case Replace():
                return verdict.texts[0]
            case Allow():
                return text if verdict.text is None else verdict.text
        return post.guard.held + text

    async def _asked(
        self, post: _Post, side: Side, step: Callable[[], Answer], texts: int
    ) -> Verdict | None:
        """The verdict; None where there is none and the exchange goes on without the module."""
        limit = post.module.limit_milliseconds / 1000
        begun = perf_counter()
        try:
            answer = step()
            # Most only compute; whether something can be awaited takes longer to find out.
            known = isinstance(answer, Verdict)
            verdict = _understood(answer if known else await _within(limit, answer), texts)
        except TimeoutError:
            return self._without(post, side, Outcome.LATE)
        except Exception:
            _logger.exception("the guardrail module %s failed", post.module.name)
            return self._without(post, side, Outcome.FAILED)
        finally:
            took = perf_counter() - begun
            self._counts.seconds[post.module.name] += took
        if took > limit:
            self._count(post, side, Outcome.LATE)
        self._count(post, side, _OUTCOMES[type(verdict)])
        return verdict

    def _without(self, post: _Post, side: Side, outcome: Outcome) -> Refuse | None:
        self._count(post, side, outcome)
        if post.module.kind is Kind.POLICY:
            return _NO_VERDICT[outcome]
        post.dismissed = True
        return None

    def _count(self, post: _Post, side: Side, outcome: Outcome) -> None:
        if side is Side.ANSWER:
            known = (post.module.name, outcome)
            # A stream asks once a chunk; that it allowed something is known at its end only.
            if outcome is Outcome.ALLOWED or known in self._outcomes:
                return
            self._outcomes.add(known)
        self._counts.add(post.module.name, side, outcome)


_NO_VERDICT = {
    Outcome.LATE: Refuse(
        "guardrail-late",
        "A guardrail that must be asked did not answer in time.",
        "Send the request again; if this goes on, raise the module's time limit.",
    ),
    Outcome.FAILED: Refuse(
        "guardrail-failed",
        "A guardrail that must be asked failed.",
        "Send the request again; if this goes on, read the gateway's log for the module's error.",
    ),
}


async def _within(limit_seconds: float, answer: Answer) -> object:
    if not isinstance(answer, Awaitable):
        return answer
    async with asyncio.timeout(limit_seconds):
        return await answer


def _understood(verdict: object, texts: int) -> Verdict:
    if isinstance(verdict, Replace) and len(verdict.texts) != texts:
        raise ValueError(f"it replaced {texts} texts by {len(verdict.texts)}")
    if not isinstance(verdict, Verdict):
        raise TypeError(f"it answered {type(verdict).__name__}")
    return verdict


_OUTCOMES: dict[type[Verdict], Outcome] = {
    Refuse: Outcome.REFUSED,
    Replace: Outcome.REPLACED,
    Allow: Outcome.ALLOWED,
}
