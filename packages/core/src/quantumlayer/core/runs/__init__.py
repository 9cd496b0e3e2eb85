"""Runs: what was asked, what came out, and what the API shows of it."""
