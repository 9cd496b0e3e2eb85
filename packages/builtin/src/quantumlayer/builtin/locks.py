"""The lock files that the built-in model puts into its projects."""

from importlib import resources

_PACKAGE = "quantumlayer.builtin.writing"


def development_locks() -> tuple[str, ...]:
    """The text of every development lock that a built-in writer ships, each once."""
    found = resources.files(_PACKAGE).joinpath(".").iterdir()
    folders = (entry for writer in found if writer.is_dir() for entry in (writer, writer / "data"))
    texts = {
        lock.read_text()
        for folder in folders
        if (lock := folder / "requirements-dev.txt").is_file()
    }
    return tuple(sorted(texts))
