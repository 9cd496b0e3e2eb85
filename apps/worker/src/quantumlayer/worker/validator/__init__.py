"""The validator: source tree → findings."""
