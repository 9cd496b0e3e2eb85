"""GraphQL, downloads and health over HTTP."""
