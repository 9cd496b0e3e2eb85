"""Good code, and what rules say of it: the parts of `benchmarks.false_alarms`."""
