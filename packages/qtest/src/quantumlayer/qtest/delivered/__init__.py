"""Software as it is delivered: built, started, called and stopped as its platform would.

`climb` asks one rung after another of a `Delivery`, with a `Starter` of this machine.
"""

from quantumlayer.qtest.delivered.climbing import climb
from quantumlayer.qtest.delivered.emulation import emulating_starter
from quantumlayer.qtest.delivered.errors import (
    BeyondLimits,
    BuildBroken,
    CannotTell,
    NothingToAsk,
)
from quantumlayer.qtest.delivered.model import (
    BrowserTests,
    Climb,
    Delivery,
    Exchange,
    Outcome,
    Picture,
    Rung,
    RungResult,
    SecretFile,
    TypeCheck,
    Volume,
)
from quantumlayer.qtest.delivered.promises import Promises, promises_of
from quantumlayer.qtest.delivered.starter import Built, Running, Starter
from quantumlayer.qtest.delivered.tiers import Tier, starter_for
from quantumlayer.qtest.delivered.type_checks import type_complaints
from quantumlayer.qtest.delivered.visiting import Asked, Told, Visit, Visited, visited

__all__ = [
    "Asked",
    "BeyondLimits",
    "BrowserTests",
    "BuildBroken",
    "Built",
    "CannotTell",
    "Climb",
    "Delivery",
    "Exchange",
    "NothingToAsk",
    "Outcome",
    "Picture",
    "Promises",
    "Rung",
    "RungResult",
    "Running",
    "SecretFile",
    "Starter",
    "Tier",
    "Told",
    "TypeCheck",
    "Visit",
    "Visited",
    "Volume",
    "climb",
    "emulating_starter",
    "promises_of",
    "starter_for",
    "type_complaints",
    "visited",
]
