"""A model that is spoken to on one of our wires, over our own transport."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing

from quantumlayer.router.deltas import Alive, Delta
from quantumlayer.router.errors import ProviderUnavailable, RouterError
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.endpoints import Endpoint
from quantumlayer.router.providers.learning import Learned
from quantumlayer.router.providers.protocol import ProviderRequest, ProviderTraits
from quantumlayer.router.providers.timing import clocks_of
from quantumlayer.router.transport.clocks import sign_of, within
from quantumlayer.router.transport.event_streams import Comment
from quantumlayer.router.transport.exchange import Document, Piece, exchange
from quantumlayer.router.transport.failures import missing_key, without_key
from quantumlayer.router.wires import wire_for
from quantumlayer.router.wires.wire import Reader

_TASK_HEADER = "X-QL-Task"


class HttpProvider:
    """One model at one endpoint.

    A request that is refused because of a parameter is repeated at once without it. That is the
    only repetition here, and nothing is paid for it.
    """

    traits = ProviderTraits()

    def __init__(
        self,
        endpoint: Endpoint,
        profile: Callable[[], Awaitable[Profile]],
    ) -> None:
        """`profile` gives what the model can and wants."""
        self.name = endpoint.prefix
        self._endpoint = endpoint
        self._profile = profile
        self._learned = Learned()

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks once, as `Provider.stream` has it."""
        target = self._endpoint.target
        if self._endpoint.key_needed and target.key is None:
            raise missing_key(target)
        profile = await self._profile()
        named = request.model_copy(update={"model": target.model})
        answer = self._learned.asked(lambda without: self._once(named, profile, without))
        try:
            async with aclosing(within(clocks_of(request, profile), answer, sign_of)) as pieces:
                async for piece in pieces:
                    yield piece
        except RouterError as error:
            raise without_key(target, error) from None

    async def _once(
        self, request: ProviderRequest, profile: Profile, without: frozenset[str]
    ) -> AsyncGenerator[Delta, None]:
        target, wire = self._endpoint.target, wire_for(self._endpoint.wire, profile)
        reader = wire.reader(request)
        answer = exchange(
            target.at(target.url + wire.path),
            {**wire.headers(target.key), **self._task(request), **request.trace},
            wire.body(request, profile, without=without),
        )
        async with aclosing(answer) as bursts:
            async for burst in bursts:
                for piece in burst:
                    for delta in _read(reader, piece):
                        yield delta
        if not reader.ended:
            raise ProviderUnavailable(
                f"{target.provider} ended its reply before the model was finished"
            )

    def _task(self, request: ProviderRequest) -> dict[str, str]:
        return {_TASK_HEADER: request.task} if self._endpoint.own else {}


def _read(reader: Reader, piece: Piece) -> Iterable[Delta]:
    if isinstance(piece, Comment):
        return (Alive(),)
    if isinstance(piece, Document):
        return reader.whole(piece.body)
    return reader.event(piece.name, piece.data)
