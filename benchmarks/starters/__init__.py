"""Public starter projects and examples, put to the ladder as they come."""
