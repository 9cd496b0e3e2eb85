"""Intervals of numbers."""

from starter_name.intervals import Interval, merged

__all__ = ["Interval", "merged"]
