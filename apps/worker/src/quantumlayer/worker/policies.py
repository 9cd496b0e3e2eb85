"""Time limits and retries of the activities, by what they lean on."""

from datetime import timedelta
from typing import Any, TypedDict

from temporalio.common import RetryPolicy


class ActivityPolicy(TypedDict):
    """The keyword arguments of `workflow.execute_activity` that make a policy."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta
    retry_policy: RetryPolicy


_HEARTBEAT = timedelta(seconds=5)

# Our own database and object store: an outage is waited for, however long it takes; the run's
# wall time is what ends it.
STORE = ActivityPolicy(
    start_to_close_timeout=timedelta(seconds=60),
    heartbeat_timeout=_HEARTBEAT,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=200),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=5),
    ),
)

# A model call: the router has already tried briefly; this layer waits longer, a few times. A
# retried call finds its stored replies and pays nothing twice.
MODEL = ActivityPolicy(
    start_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=_HEARTBEAT,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        backoff_coefficient=3,
        maximum_interval=timedelta(seconds=30),
        maximum_attempts=6,
    ),
)

# Running compilers, tests and the packager. The sandbox has its own, tighter, limits.
COMPUTE = ActivityPolicy(
    start_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=_HEARTBEAT,
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=10),
        maximum_attempts=8,
    ),
)

CHILD: dict[str, Any] = {
    # A child is retried by its activities, never as a whole.
    "retry_policy": RetryPolicy(maximum_attempts=1),
    "task_timeout": timedelta(seconds=5),
}
