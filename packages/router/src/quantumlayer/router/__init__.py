"""LLM calls: providers, typed replies, stored replies, pricing, usage."""
