"""Stacks: what software of one kind and language is made with, a folder each."""

from quantumlayer.qlayer.stacks.fitting import fitting
from quantumlayer.qlayer.stacks.ground import (
    ground,
    is_example,
    is_fixed,
    role_of,
    worth_reading,
    woven,
)
from quantumlayer.qlayer.stacks.kinds import kind_of, language_of
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
    Unfinished,
    Wishes,
)
from quantumlayer.qlayer.stacks.naming import named, usable
from quantumlayer.qlayer.stacks.reading import (
    NotAStack,
    UnknownStack,
    measurements,
    read_stack,
    stack,
    stacks,
)
from quantumlayer.qlayer.stacks.suiting import suiting
from quantumlayer.qlayer.stacks.wishing import Nearest, is_said, nearest, serves, spoken

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
    "Unfinished",
    "UnknownStack",
    "Wishes",
    "fitting",
    "ground",
    "is_example",
    "is_fixed",
    "is_said",
    "kind_of",
    "language_of",
    "measurements",
    "named",
    "nearest",
    "read_stack",
    "role_of",
    "serves",
    "spoken",
    "stack",
    "stacks",
    "suiting",
    "usable",
    "worth_reading",
    "woven",
]
