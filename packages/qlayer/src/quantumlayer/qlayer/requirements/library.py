"""The domain of a library."""

from quantumlayer.qlayer.noun import Noun, SnakeName


class LibraryDomain(Noun):
    """A library: its module's name. The room of its later, fuller shape."""

    module: SnakeName
