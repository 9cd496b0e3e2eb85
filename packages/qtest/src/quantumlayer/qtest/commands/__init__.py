"""One command of somebody's choice, run on a copy of a project, and the files that it changed."""

from quantumlayer.qtest.commands.model import ChangedFile, Command, Done
from quantumlayer.qtest.commands.running import run_command

__all__ = ["ChangedFile", "Command", "Done", "run_command"]
