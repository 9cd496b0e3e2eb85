"""Putting untrusted text into files of other languages so that it stays text there."""

import json
import re
import shlex
from collections.abc import Sequence

_UNSAFE_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def json_text(value: str | Sequence[str]) -> str:
    """A JSON value that is a YAML flow value too, and the exec form of a Dockerfile."""
    given = value if isinstance(value, str) else list(value)
    written = json.dumps(given, ensure_ascii=False)
    return _UNSAFE_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def dockerfile_text(text: str) -> str:
    """A quoted word for ENV and LABEL, on one line, in which nothing is expanded."""
    escaped = re.sub(r'([\\"$])', r"\\\1", one_line(text))
    return f'"{escaped}"'


def compose_text(text: str) -> str:
    """A YAML value in which compose expands nothing."""
    return json_text(text.replace("$", "$$"))


def kubernetes_text(text: str) -> str:
    """A YAML value of an environment variable in which Kubernetes expands nothing."""
    return json_text(text.replace("$(", "$$("))


def actions_command(command: Sequence[str]) -> str:
    """A YAML value that holds a shell command in which the CI service expands nothing."""
    return json_text(shlex.join(command).replace("${{", "${{ '${{' }}"))


def shell_command(command: Sequence[str]) -> str:
    """A command as a person types it."""
    return one_line(shlex.join(command))


def volume_name(folder: str) -> str:
    """What the volume of a folder that is empty at each start is called: `temporary` is /tmp's."""
    words = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")
    return "temporary" if words == "tmp" else f"temporary-{words}"


def one_line(text: str) -> str:
    """`text` on one line, without control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
