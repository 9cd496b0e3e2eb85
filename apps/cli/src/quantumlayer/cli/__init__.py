"""The command `quantumlayer`."""
