"""What is measured of guardrail modules: what they find, what they find wrongly, what they cost."""
