"""Rate limits of providers: requests and tokens a minute, and calls at once, one limit a key.

`acquire` answers at once; who has to wait sleeps and comes back with its turn. Turns come in the
order in which they were asked for: nobody begins while there is no room for those ahead as well.
A provider's refusal pauses everybody under the limit's name, and afterwards calls begin one after
the other, at first a quarter of a second apart.

The algorithm is GCRA, the generic cell rate algorithm (ITU-T I.371, annex A) as a virtual schedule,
with a cost for each call.
"""

from quantumlayer.router.limits.costs import RateLimit
from quantumlayer.router.limits.fallback import FallbackLimiter
from quantumlayer.router.limits.headers import read_signals
from quantumlayer.router.limits.limiter import Granted, RateLimiter, Turn, Wait
from quantumlayer.router.limits.memory import MemoryLimiter
from quantumlayer.router.limits.redis_limiter import RedisLimiter
from quantumlayer.router.limits.signals import Quota, RateSignals
from quantumlayer.router.limits.turns import take_turn

__all__ = [
    "FallbackLimiter",
    "Granted",
    "MemoryLimiter",
    "Quota",
    "RateLimit",
    "RateLimiter",
    "RateSignals",
    "RedisLimiter",
    "Turn",
    "Wait",
    "read_signals",
    "take_turn",
]
