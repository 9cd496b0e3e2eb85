"""The roles: analyst, architect, generator, tester, repairer; their prompts, contracts and the built-in model."""
