"""HTTP services in JavaScript: node:http over a journal, without dependencies."""
