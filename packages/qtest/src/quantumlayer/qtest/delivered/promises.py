"""What a Dockerfile promises of itself to whoever starts its image, where no manifest says more."""

import re
from dataclasses import dataclass

from quantumlayer.qtest.delivered.dockerfile import Instruction, read_dockerfile

OWN_URL = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])"
    r"(?::(?:(?P<port>\d+)|(?P<variable>\$\{?\w+[^/\s\"']*)))?(?P<path>/[^\s\"'`|;,)\]]*)?(?P<rest>[^|;]*)"
)
HTTP_PORT, LAST_PORT = "80", 65_535
LATER_PATH = re.compile(r"^:?['\"]\s*\+.*?['\"](/[^\s'\"?]*)")
ABSOLUTE = re.compile(r"/[\w./-]+")


@dataclass(frozen=True)
class Promises:
    """`serves`: something is promised to answer. `probes` is what its health check asks of it, at
    `asked_port` where that is written out.

    `volumes` are folders that outlive a container. `sources` are the files and folders of the
    project that go into it, or into a stage of it, as they are written.
    """

    serves: bool
    probes: tuple[str, ...]
    volumes: tuple[str, ...]
    asked_port: int | None = None
    sources: tuple[str, ...] = ()


def promises_of(text: str, path: str = "Dockerfile") -> Promises:
    """What the stages of a Dockerfile promise together. Raises NotUnderstood."""
    found = [one for stage in read_dockerfile(text, path).stages for one in stage.instructions]
    checks = [one for one in found if one.name == "HEALTHCHECK" and one.text.upper() != "NONE"]
    exposes = any(one.name == "EXPOSE" for one in found)
    asked = asked_path(checks[-1].text) if checks else None
    return Promises(
        serves=exposes or asked is not None,
        probes=(asked,) if asked else (),
        volumes=tuple(dict.fromkeys(
            place for one in found if one.name == "VOLUME" for place in places(one)
        )),
        asked_port=asked_port(checks[-1].text) if checks else None,
        sources=tuple(source for one in found if one.name in ("COPY", "ADD")
                      and one.flag("from") is None for source in words_of(one)[:-1]),
    )  # fmt: skip


def asked_path(check: str) -> str | None:
    """The path that a health check asks of the application itself; None where it asks none."""
    match = OWN_URL.search(check)
    if match is None:
        return None
    if match["path"]:
        return match["path"].partition("?")[0]
    later = LATER_PATH.search(match["rest"])
    return later[1] if later else "/"


def asked_port(check: str) -> int | None:
    """The port that a health check asks at, None where that is not written out."""
    match = OWN_URL.search(check)
    if match is None or match["rest"].startswith(":"):
        return None
    words = match["port"] or ("" if match["variable"] else HTTP_PORT)
    return int(words) if words and 0 < int(words) <= LAST_PORT else None


def places(one: Instruction) -> list[str]:
    """The folders of a VOLUME, as far as they are written out."""
    return [word for word in words_of(one) if ABSOLUTE.fullmatch(word)]


def words_of(one: Instruction) -> list[str]:
    """What an instruction names, as far as it is written out."""
    return list(one.words) if one.words is not None else one.text.split()
