"""The language model gateway: the router over HTTP, for clients of OpenAI and of Anthropic."""
