"""The built-in model: an engine of templates and rules, deterministic, without key or network."""
