"""Budgets by day, month or lifetime: reserved before a call, settled after it, exact to 1e-12 USD.

Three things may be relied on:

- What is spent and held back within one window never exceeds the limit by a reservation, however
  many processes reserve at once. What a call really cost is counted even where it exceeds what
  was reserved for it, or comes after the lease has run out.
- A call belongs to the window in which it was reserved.
- When Redis is away nothing is reserved: `BudgetsUnavailable`.

Redis holds the figures that decide; what was paid stands in PostgreSQL's rows of calls. Figures in
Redis live as long as its configuration lets them: with `appendfsync everysec` a crash may take the
last second, and an evicting `maxmemory-policy` may take any of them (use `noeviction`). Therefore
`RedisBudgets` takes a `SpentSource`, which is asked whenever Redis knows nothing of a scope; with
one, `attend` is called every second, so that what is held back for calls in flight is not lost
either. `restore` raises a figure to what the rows say.
"""

from quantumlayer.router.money.budgets import Budgets, SpentSource
from quantumlayer.router.money.errors import BudgetsUnavailable, ReservationConflict
from quantumlayer.router.money.memory import MemoryBudgets
from quantumlayer.router.money.nouns import Limit, Refused, Reserved, Scope, ScopeKind, Standing
from quantumlayer.router.money.redis_budgets import RedisBudgets
from quantumlayer.router.money.windows import Period, Window

__all__ = [
    "Budgets",
    "BudgetsUnavailable",
    "Limit",
    "MemoryBudgets",
    "Period",
    "RedisBudgets",
    "Refused",
    "ReservationConflict",
    "Reserved",
    "Scope",
    "ScopeKind",
    "SpentSource",
    "Standing",
    "Window",
]
