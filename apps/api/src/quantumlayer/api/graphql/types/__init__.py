"""The types that clients see."""
