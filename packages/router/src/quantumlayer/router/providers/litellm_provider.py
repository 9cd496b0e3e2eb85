"""Models of providers that we have no wire for, such as Bedrock and Vertex, through litellm."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from quantumlayer.router.deltas import Delta
from quantumlayer.router.errors import ProviderUnavailable, RouterError
from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.endpoints import ModelEndpoint
from quantumlayer.router.providers.learning import Learned
from quantumlayer.router.providers.litellm_door import litellm
from quantumlayer.router.providers.litellm_errors import translated
from quantumlayer.router.providers.protocol import ProviderRequest, ProviderTraits
from quantumlayer.router.providers.timing import clocks_of
from quantumlayer.router.transport.clocks import sign_of, within
from quantumlayer.router.wires import WIRES


class LiteLLMProvider:
    """One model, asked in OpenAI's format, which litellm translates both ways."""

    traits = ProviderTraits()

    def __init__(
        self, name: str, settings: ModelEndpoint, profile: Callable[[], Awaitable[Profile]]
    ) -> None:
        """`name` is the provider's prefix; its key and address are in its usual variables.

        Those of `settings` are used when its main model is this provider's.
        """
        self.name = name
        self._profile = profile
        self._learned = Learned()
        mine = (settings.main or name).partition("/")[0] == name
        self._url = settings.base_url if mine else None
        key = settings.api_key if mine else None
        self._key = key.get_secret_value() if key else None

    async def stream(self, request: ProviderRequest) -> AsyncGenerator[Delta, None]:
        """Asks once, as `Provider.stream` has it."""
        profile = await self._profile()
        # The import takes seconds, which are not the model's silence.
        await litellm()
        answer = self._learned.asked(lambda without: self._once(request, profile, without))
        async with aclosing(within(clocks_of(request, profile), answer, sign_of)) as pieces:
            async for piece in pieces:
                yield piece

    async def _once(
        self, request: ProviderRequest, profile: Profile, without: frozenset[str]
    ) -> AsyncGenerator[Delta, None]:
        wire = WIRES["openai"]
        reader = wire.reader(request)
        arguments: dict[str, Any] = {
            **wire.body(request, profile, without=without),
            "model": request.model,
            "timeout": request.timeout_seconds,
            "max_retries": 0,
            "num_retries": 0,
        }
        own = {"api_key": self._key, "base_url": self._url, "headers": request.trace}
        arguments |= {name: value for name, value in own.items() if value}
        module = await litellm()
        try:
            chunks = await module.acompletion(**arguments)
            async with aclosing(chunks):
                async for chunk in chunks:
                    for delta in reader.event(None, chunk.model_dump_json()):
                        yield delta
        except RouterError:
            raise
        except Exception as error:  # noqa: BLE001 - litellm lets any library's error through
            raise translated(error, secret=self._key) from None
        if not reader.ended:
            raise ProviderUnavailable(f"{self.name} ended its reply before the model was finished")
