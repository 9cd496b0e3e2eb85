"""Showing checks: reports for people, and what goes on meanwhile."""
