"""The clocks of one request."""

from quantumlayer.router.profiles.profile import Profile
from quantumlayer.router.providers.protocol import ProviderRequest
from quantumlayer.router.transport.clocks import Clocks


def clocks_of(request: ProviderRequest, profile: Profile) -> Clocks:
    """What the request says, and the model's profile where it says nothing."""
    return Clocks(
        first_token=request.first_token_seconds or profile.first_token_seconds,
        silence=request.silence_seconds,
        total=request.timeout_seconds,
        thinks=profile.reasoning,
    )
