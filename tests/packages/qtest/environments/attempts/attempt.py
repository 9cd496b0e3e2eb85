"""What an attempt through installing is: a project, what it tries, and how it would succeed.

A project is prepared as `check` prepares it, with registries on the loopback interface. It has got
out when something lies in the folder of traces, when the catcher was asked for anything, or when
the secret is in what was said. The control does with the same project what people do by hand, and
must be seen to get out.

In files and commands, words in capitals between @ stand for places: @TRACE@ a file that must not
come to be, @CATCHER@ a server that must not be asked, @SECRET@ a file that must not be read,
@INDEX@, @NPM@ and @CRATES@ the registries, @HERE@ the project.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from quantumlayer.qtest import Language


@dataclass(frozen=True)
class Attempt:
    """One project.

    `control` is a shell command in the project's folder, with uv, npm, cargo, go and mvn at hand;
    empty where none can be shown, and then `must` says why. `linked` are links by what they lead
    to. `environment` is for the control alone.
    """

    id: str
    language: Language
    tries: str
    must: str
    files: Mapping[str, str]
    control: str
    linked: Mapping[str, str] = field(default_factory=dict)
    executable: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """An installer that has been taken over: a Python program run in an installer's place.

    It prints ESCAPED or REFUSED, as those of the sandbox's own suite do. `ends_by`: the limit that
    may end it first; the control is the same program without a sandbox.
    """

    id: str
    tries: str
    must: str
    program: str
    ends_by: str = ""
    harmful: bool = False
