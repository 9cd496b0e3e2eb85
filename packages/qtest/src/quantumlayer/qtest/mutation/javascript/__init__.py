"""Mutation testing of JavaScript and TypeScript: changes over a grammar, a process for each."""
