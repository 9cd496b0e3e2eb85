"""JavaScript and TypeScript: package.json, lock files, workspaces."""
