"""The only place where litellm is imported: late, off the event loop, and with its doors shut.

The import takes seconds of CPU and 180 MB, so that a process whose models live in it alone never
pays for it. By itself litellm would fetch a price map from the network.
"""

import asyncio
import os
import warnings
from functools import cache
from types import ModuleType


async def litellm() -> ModuleType:
    """The litellm module, imported at first use in a thread."""
    return await asyncio.to_thread(_imported)


async def close_clients() -> None:
    """Close what litellm keeps open in this process, once no call is under way; safe to repeat."""
    if not _imported.cache_info().currsize:
        return
    module = _imported()
    await module.close_litellm_async_clients()
    # A closed client must not be found by the next call.
    module.in_memory_llm_clients_cache.flush_cache()


@cache
def _imported() -> ModuleType:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    import litellm as module  # noqa: PLC0415 - see the module's docstring

    # What it streams differs from its own types in places.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings")
    module.suppress_debug_info = True
    module.turn_off_message_logging = True
    # Dropping what a provider cannot take would hide the schema from it, and after an error 422
    # litellm would ask a second time behind our back.
    module.drop_params = False
    module.num_retries = 0
    module.callbacks = []
    module.success_callback = []
    module.failure_callback = []
    return module
