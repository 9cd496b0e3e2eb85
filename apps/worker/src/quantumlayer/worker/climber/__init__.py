"""The climber: the software as it is delivered, built, started, called and stopped."""
