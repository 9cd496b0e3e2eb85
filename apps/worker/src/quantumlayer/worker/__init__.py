"""The Temporal worker: one folder a workflow."""
