"""Talking to a running API: asking, watching, downloading, and showing it to people."""
