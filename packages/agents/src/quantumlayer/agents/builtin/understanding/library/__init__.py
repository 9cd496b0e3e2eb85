"""Descriptions of libraries: building blocks of a catalogue, units, checks and small classes."""

from quantumlayer.agents.builtin.understanding.library.features import (
    Feature,
    feature,
    features,
)
from quantumlayer.agents.builtin.understanding.library.understanding import understand_library

__all__ = ["Feature", "feature", "features", "understand_library"]
