"""The analyst: prompt → requirements."""
