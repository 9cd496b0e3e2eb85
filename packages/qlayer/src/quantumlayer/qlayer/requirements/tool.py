"""The domain of a command-line tool."""

from quantumlayer.qlayer.noun import Noun, Slug


class ToolDomain(Noun):
    """A command-line tool: its command's name. The room of its later, fuller shape."""

    command: Slug
