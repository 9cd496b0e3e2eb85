"""The run itself: from a prompt to a capsule."""
