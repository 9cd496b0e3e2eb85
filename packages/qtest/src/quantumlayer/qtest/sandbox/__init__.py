"""A place where code may misbehave: the interface and its bubblewrap tier."""

from quantumlayer.qtest.sandbox.bubblewrap import BubblewrapSandbox
from quantumlayer.qtest.sandbox.model import HOME, WORKSPACE, Mount, Sandbox, SandboxResult
from quantumlayer.qtest.sandbox.probe import probe_sandbox

__all__ = [
    "HOME",
    "WORKSPACE",
    "BubblewrapSandbox",
    "Mount",
    "Sandbox",
    "SandboxResult",
    "probe_sandbox",
]
