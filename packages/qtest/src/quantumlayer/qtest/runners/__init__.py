"""The language runners: each starts a reporter in the sandbox and interprets its records."""
