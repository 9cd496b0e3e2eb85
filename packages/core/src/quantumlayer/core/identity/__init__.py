"""Who may do what: organisations, projects, API keys, owner links, browser sessions."""
