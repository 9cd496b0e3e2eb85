"""Earlier runs of an organisation: looked up as examples, and forgotten on demand."""
