"""Time limits and retries of the activities, by what they lean on.

What dies outside of the code (a worker, a server, the machine) never counts as a try: no policy
has a number of attempts. Failures of an activity's own are counted by the activity itself
(`worker.errors.step`), and the run's wall time ends what is left.
"""

from datetime import timedelta
from typing import Any, TypedDict

from temporalio.common import RetryPolicy


class ActivityPolicy(TypedDict):
    """The keyword arguments of `workflow.execute_activity` that make a policy."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy


# How long a step may be silent. Workers beat every second, so this is how long a machine with too
# much to do may hold them up before somebody living is taken for dead, and how long a death goes
# unnoticed. What is begun twice costs time, and with a model money.
_STORE_SILENCE = timedelta(seconds=10)
_COMPUTE_SILENCE = timedelta(seconds=20)
_MODEL_SILENCE = timedelta(seconds=20)
# Short, because it is what follows a death; failures of an activity's own name their pause.
_AFTER_A_DEATH = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=5),
)

# Our own database and object store: an outage is waited for, however long it takes.
STORE = ActivityPolicy(
    start_to_close_timeout=timedelta(seconds=60),
    heartbeat_timeout=_STORE_SILENCE,
    retry_policy=_AFTER_A_DEATH,
)

# A model call: the router has already tried briefly; this layer waits longer, a few times. A
# retried call finds its stored replies and pays nothing twice. The router's own limit for an answer
# (QL_MODEL_TOTAL_SECONDS) is below this.
MODEL = ActivityPolicy(
    start_to_close_timeout=timedelta(minutes=60),
    heartbeat_timeout=_MODEL_SILENCE,
    retry_policy=_AFTER_A_DEATH,
)

# Running compilers, tests and the packager. The sandbox has its own, tighter, limits; most of this
# is for waiting until there is room on the machine.
COMPUTE = ActivityPolicy(
    start_to_close_timeout=timedelta(minutes=60),
    heartbeat_timeout=_COMPUTE_SILENCE,
    retry_policy=_AFTER_A_DEATH,
)

CHILD: dict[str, Any] = {
    # A child is retried by its activities, never as a whole.
    "retry_policy": RetryPolicy(maximum_attempts=1),
    "task_timeout": timedelta(seconds=5),
}
