"""The repairer: failures → changed files."""
