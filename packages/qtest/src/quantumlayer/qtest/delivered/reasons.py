"""Naming the cause: what an application says when it ends, and where it listens instead."""

import ipaddress
import re
from collections.abc import Sequence

from quantumlayer.qtest.delivered.state import State

LONGEST_LINE = 300
# What package managers say behind the line that tells, and what is about nothing.
BESIDE = re.compile(
    r"^npm (?:notice|(?:error|ERR!)\s*"
    r"(?:npm run|A complete log of this run|To see a list of|code E[A-Z]+|$|.*npm-debug))"
    r"|^(?:note: run with `RUST_BACKTRACE|note: This error originates|hint: See above|\[notice\])"
)
# How runtimes begin the line in which they say what ended the program.
TELLING = re.compile(
    r"^\W*(?:Uncaught |Unhandled )?(?:[\w.$]*(?:Error|Exception|Exit)\b|panic:|fatal|FATAL|ERROR"
    r"|error\b|Error\b|sh: |/bin/sh: |bash: |exec|bwrap: |\S+: (?:not found|cannot|can't))"
)
MENTIONS = re.compile(r"(?i)error|exception|cannot|failed|denied|not found|refused|read-only")
# What a line is about: the first that fits.
CAUSES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)read-only file ?system|EROFS|readonly database"),
     "it writes where the container's root is read-only"),
    # Node says of a folder below a read-only one that it is not there.
    (re.compile(r"\bmkdir\b"), "it makes a folder where it may not write"),
    (re.compile(r"(?i)permission denied|EACCES|EPERM|operation not permitted"),
     "it does what its user may not do"),
    (re.compile(r"(?i)unable to open database file|SQLITE_CANTOPEN"),
     "it cannot make its database where it wants to"),
    (re.compile(r"(?i)address already in use|EADDRINUSE"), "its port is taken"),
    (re.compile(r"(?i)No module named|Cannot find (?:module|package)|MODULE_NOT_FOUND"),
     "a module is not in the image"),
    (re.compile(r"(?i)execvp|no such file or directory|ENOENT|not found|can't open file"),
     "something is not in the image"),
    (re.compile(r"(?i)KeyError|environment variable|not set|missing.*(?:env|setting|secret|key)"
                r"|(?:env|setting|secret|key).*(?:missing|required)"),
     "a setting or secret that it wants is not given to it under this name"),
)  # fmt: skip


def telling_line(log: str) -> tuple[int, str]:
    """The line of a log, by its number from 1, that says most of what went wrong; (0, "") of none.

    The last line that begins as an error does; else the last that mentions one; else the last.
    """
    lines = [(number, line.strip()) for number, line in enumerate(log.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not BESIDE.match(line)]
    for pattern in (TELLING, MENTIONS):
        found = [(number, line) for number, line in lines if pattern.search(line)]
        if found:
            return found[-1][0], found[-1][1][:LONGEST_LINE]
    return (lines[-1][0], lines[-1][1][:LONGEST_LINE]) if lines else (0, "")


def quoted(log: str, *, causes: bool = True) -> str:
    """The telling line with the cause that it names, to be put behind a sentence."""
    number, line = telling_line(log)
    if not number:
        return "It said nothing."
    cause = cause_of(line) if causes else ""
    known = f" ({cause})" if cause else ""
    return f"Line {number} of its log{known}: {line}"


def cause_of(line: str) -> str:
    """What a line of a log is about; empty of nothing that is known."""
    return next((text for pattern, text in CAUSES if pattern.search(line)), "")


# How runtimes say that an exception was never caught, which is nobody's way to ask for arguments.
UNCAUGHT = re.compile(
    r"^Traceback \(most recent call last\)|^panic: |^thread .* panicked at |^Exception in thread "
    r"|^\s+at .*:\d+:\d+\)?$", re.MULTILINE,
)  # fmt: skip
# What a program says that was given too little: no argument, nothing to read.
WANTING = re.compile(
    r"\b(?:IndexError|EOFError|ArrayIndexOutOfBounds\w+|index out of (?:range|bounds))\b"
)


def crashed(log: str) -> bool:
    """Whether a program has ended by an exception, and not for want of what it is given."""
    return UNCAUGHT.search(log) is not None and not WANTING.search(telling_line(log)[1])


def names_cause(log: str) -> bool:
    """Whether a log ends with something that is known to be wrong."""
    return bool(cause_of(telling_line(log)[1]))


# What runtimes say when another server does not answer, or has no address. A name of an error is a
# word of its own: `FileNotFoundError` speaks of no server.
WANTS_OTHERS = re.compile(
    r"(?i)\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN)\b|connection refused|getaddrinfo|no such host"
    r"|name or service not known|temporary failure in name resolution|network is unreachable"
    r"|could not translate host name|connection to server|could not connect to|can't connect to"
)


def doubt(log: str, made_up: Sequence[str], companions: Sequence[str]) -> str:
    """Why what is broken may be for want of what is not here; empty where it is the delivery's.

    `made_up` names variables of which nobody here knows the values, `companions` other servers.
    """
    named = [name for name in made_up if re.search(rf"\b{re.escape(name)}\b", log)]
    if named:
        return (f"The value of `{named[0]}` is not in the project and was made up, and its log "
                "speaks of it.")  # fmt: skip
    if WANTS_OTHERS.search(log) and companions:
        return f"It wants another server, which is not here: {', '.join(companions)}."
    if WANTS_OTHERS.search(log) and made_up:
        return (f"It wants another server, and the value of `{made_up[0]}`, which may say where, "
                "is not in the project.")  # fmt: skip
    return ""


def ended(state: State, log: str) -> str:
    """Why an application that should run does not."""
    return f"The application ended at its start with {way_of(state)}. {quoted(log)}"


def way_of(state: State) -> str:
    status = state.exit_status or 0
    return f"signal {status - 128}" if status > 128 else f"status {status}"


def ended_meanwhile(state: State, log: str, seconds: float | None = None) -> str:
    """That an application has ended which nobody asked to, `seconds` after it began to listen."""
    after = "" if seconds is None else f" {seconds:.1f} s after it began to listen"
    return f"The application has ended by itself{after} with {way_of(state)}. {quoted(log)}"


def is_loopback(address: str) -> bool:
    """Whether an address is its own computer's alone, in either protocol or within the newer."""
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None)
    return bool((inner or found).is_loopback)


def unreached(state: State, port: int, log: str) -> str:
    """Why nothing can be reached at a port of an application that runs."""
    here = [address for address, other in state.listening if other == port]
    others = sorted({other for _, other in state.listening if other != port})
    if here and all(map(is_loopback, here)):
        return (
            f"It listens on {' and '.join(here)} alone, the container's own loopback, at port "
            f"{port}: nobody outside the container can reach it. It has to listen on 0.0.0.0."
        )
    if here:
        return f"It listens on {' and '.join(here)}, which the container's address does not reach."
    if others:
        ports = " and ".join(map(str, others))
        return f"Nothing listens on port {port}, which is the one promised: it listens on {ports}."
    return f"It runs, but listens on no port. {quoted(log)}"
