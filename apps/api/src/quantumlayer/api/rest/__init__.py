"""What is better served as plain HTTP than as GraphQL: files."""
