"""Tree-sitter: languages, syntax diagnostics, symbols; linters' findings."""
