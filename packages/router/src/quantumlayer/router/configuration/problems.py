"""What is wrong with a configuration, and where."""

from dataclasses import dataclass

from pydantic import ValidationError

# What stands on their lines goes into no message.
_SECRETS = frozenset({"api_key", "hash", "redis", "database", "admin", "proxy"})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both from one."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, at a place, with the keys that lead to it."""

    place: Place
    path: tuple[str | int, ...]
    said: str

    def __str__(self) -> str:
        keys = ".".join(map(str, self.path))
        return f"{self.place.line}:{self.place.column}: {f'{keys}: ' if keys else ''}{self.said}"


class ConfigurationError(ValueError):
    """The configuration cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...], *, name: str = "", text: str = "") -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.place))
        self.name = name
        self.text = text
        super().__init__("\n".join(map(self._shown, self.problems)))

    def of(self, name: str, text: str) -> "ConfigurationError":
        """The same with the file's name, and with the lines themselves in its message."""
        return ConfigurationError(self.problems, name=name, text=text)

    def _shown(self, problem: Problem) -> str:
        lines = self.text.splitlines()
        at = problem.place.line - 1
        message = f"{self.name}:{problem}" if self.name else str(problem)
        if not 0 <= at < len(lines) or _SECRETS.intersection(map(str, problem.path)):
            return message
        return f"{message}\n    {lines[at].strip()[:120]}"


def wrong(path: tuple[str | int, ...], said: str) -> ConfigurationError:
    """The error for one thing that shows only when what is configured is made."""
    return ConfigurationError((Problem(Place(1, 1), path, said),))


def said_in(error: ValidationError) -> str:
    """What is wrong with settings, in one line and without their values."""
    return "; ".join(
        f"{'.'.join(map(str, each['loc']))}: {each['msg']}"
        for each in error.errors(include_url=False, include_input=False)
    )
