"""The integrator: one agent that makes the drafted tree hold, in a loop of tools."""
