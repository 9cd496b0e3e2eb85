"""What stays open between calls, closed in one place."""

from quantumlayer.router.providers.litellm_door import close_clients
from quantumlayer.router.transport.sessions import close_sessions


async def close_connections() -> None:
    """Close this process's connections to models, once no call is under way; safe to repeat."""
    await close_sessions()
    await close_clients()
