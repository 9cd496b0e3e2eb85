"""Replies of models on the disk, by what was asked: a file a question, readable and diffable.

A question is named by the hash of everything that its answer may depend on; limits of time are no
part of it. What was answered to the same question again stands behind the first answer.
"""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from quantumlayer.router import deltas
from quantumlayer.router.deltas import Delta, TokenUsage, UsageDelta
from quantumlayer.router.providers.protocol import ProviderRequest

_UNASKED = {"timeout_seconds", "silence_seconds", "first_token_seconds", "cache_key"}
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        deltas.TextDelta,
        deltas.ReasoningDelta,
        deltas.RefusalDelta,
        deltas.ToolCallDelta,
        deltas.Named,
        deltas.Finished,
        deltas.Alive,
    )
}


class NotATape(ValueError):  # noqa: N818 - says what it is
    """A file that lies among recordings and is none; says which."""


@dataclass(frozen=True, slots=True)
class Tape:
    """The recordings in a folder."""

    folder: Path

    def replies(self, request: ProviderRequest) -> tuple[tuple[Delta, ...], ...]:
        """What was answered to the request, in the order of asking; empty if it never was."""
        path = self._path(request)
        try:
            read = orjson.loads(path.read_bytes())
            return tuple(tuple(map(_delta, reply)) for reply in read["replies"])
        except FileNotFoundError:
            return ()
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise NotATape(f"{path} is no recording: {error}") from None

    def add(self, request: ProviderRequest, reply: Sequence[Delta]) -> None:
        """Puts a reply behind those that were recorded before."""
        replies = [*self.replies(request), tuple(reply)]
        document = {
            "request": _asked(request),
            "replies": [list(map(_written, each)) for each in replies],
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        _put(self._path(request), orjson.dumps(document, option=orjson.OPT_INDENT_2))

    def names(self) -> tuple[str, ...]:
        """The hashes of all questions that were recorded."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.json")))

    def _path(self, request: ProviderRequest) -> Path:
        return self.folder / f"{name_of(request)}.json"


def name_of(request: ProviderRequest) -> str:
    """The hash that names what was asked."""
    canonical = orjson.dumps(_asked(request), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()[:32]


def _asked(request: ProviderRequest) -> dict[str, Any]:
    return request.model_dump(mode="json", exclude=_UNASKED)


def _written(delta: Delta) -> dict[str, Any]:
    if isinstance(delta, UsageDelta):
        usage = {name: value for name, value in asdict(delta.usage).items() if value is not None}
        if isinstance(cost := usage.get("cost_usd"), Decimal):
            usage["cost_usd"] = str(cost)
        return {"kind": "UsageDelta", **usage}
    given = {name: value for name, value in asdict(delta).items() if value not in (None, "")}
    return {"kind": type(delta).__name__, **given}


def _delta(written: dict[str, Any]) -> Delta:
    given = dict(written)
    kind = given.pop("kind")
    if kind == "UsageDelta":
        if "cost_usd" in given:
            given["cost_usd"] = Decimal(given["cost_usd"])
        return UsageDelta(TokenUsage(**given))
    found: Delta = _KINDS[kind](**{**_EMPTY.get(kind, {}), **given})
    return found


# Fields without a default of their own, which are left out of the file where they are empty.
_EMPTY: dict[str, dict[str, str]] = {"TextDelta": {"text": ""}, "RefusalDelta": {"text": ""}}


def _put(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
