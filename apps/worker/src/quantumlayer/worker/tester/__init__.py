"""The tester: tests, and what they say."""
