"""What the benchmark of the ladder is made of."""
