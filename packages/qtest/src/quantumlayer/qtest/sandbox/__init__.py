"""A place where code may misbehave: the interface, its bubblewrap tier, and choosing a tier.

The Kubernetes tier is a package of its own, `sandbox.kubernetes`, loaded where it is chosen.
"""

from quantumlayer.qtest.sandbox.bubblewrap import BubblewrapSandbox
from quantumlayer.qtest.sandbox.model import HOME, WORKSPACE, Mount, Sandbox, SandboxResult
from quantumlayer.qtest.sandbox.probe import probe_bubblewrap, probe_sandbox

__all__ = [
    "HOME",
    "WORKSPACE",
    "BubblewrapSandbox",
    "Mount",
    "Sandbox",
    "SandboxResult",
    "probe_bubblewrap",
    "probe_sandbox",
]
