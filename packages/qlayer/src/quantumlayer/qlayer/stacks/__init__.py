"""Stacks: what software of one kind and language is made with, a folder each."""

from quantumlayer.qlayer.stacks.fitting import fitting
from quantumlayer.qlayer.stacks.model import (
    Builds,
    Commands,
    Delivery,
    Example,
    Exchange,
    Sign,
    Stack,
    StarterFile,
    Tests,
    Wishes,
)
from quantumlayer.qlayer.stacks.naming import named
from quantumlayer.qlayer.stacks.reading import (
    NotAStack,
    UnknownStack,
    measurements,
    read_stack,
    stack,
    stacks,
)
from quantumlayer.qlayer.stacks.wishing import Nearest, nearest

__all__ = [
    "Builds",
    "Commands",
    "Delivery",
    "Example",
    "Exchange",
    "Nearest",
    "NotAStack",
    "Sign",
    "Stack",
    "StarterFile",
    "Tests",
    "UnknownStack",
    "Wishes",
    "fitting",
    "measurements",
    "named",
    "nearest",
    "read_stack",
    "stack",
    "stacks",
]
