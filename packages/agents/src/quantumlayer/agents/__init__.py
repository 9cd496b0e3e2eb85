"""The roles: analyst, architect, generator, tester, repairer; and the built-in model."""
