"""The settings that a generated service reads from its environment."""

from quantumlayer.qlayer import EnvironmentVariable


def environment(name: str) -> tuple[EnvironmentVariable, ...]:
    """The variables, with their defaults."""
    return (
        EnvironmentVariable(name="PORT", default="8000", description="The port to listen on."),
        EnvironmentVariable(
            name="HOST",
            default="127.0.0.1",
            description="The address to listen on; 0.0.0.0 inside a container.",
        ),
        EnvironmentVariable(
            name="DATABASE_PATH",
            default=f"{name}.jsonl",
            description="The journal file in which all records are kept; its folder is created.",
        ),
        EnvironmentVariable(
            name="LOG_LEVEL", default="INFO", description="DEBUG, INFO, WARNING or ERROR."
        ),
    )
