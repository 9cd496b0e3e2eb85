"""Starting other programs: what they learn from our environment, and ends that are sure."""

from quantumlayer.processes.claiming import claimed
from quantumlayer.processes.environment import ALLOWED, Group, child_environment
from quantumlayer.processes.holding import hold
from quantumlayer.processes.starting import end_process, end_tree, started
from quantumlayer.processes.tree import descendants

__all__ = [
    "ALLOWED",
    "Group",
    "child_environment",
    "claimed",
    "descendants",
    "end_process",
    "end_tree",
    "hold",
    "started",
]
