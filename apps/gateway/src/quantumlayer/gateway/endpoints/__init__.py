"""What the gateway answers besides completions."""
