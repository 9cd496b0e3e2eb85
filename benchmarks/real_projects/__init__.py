"""Real public projects: their sources from the registries, checked beside their own tools."""
