"""The environment that the parts inherit, and what of it counts as a setting."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values

import quantumlayer
from quantumlayer.core.settings import ApiSettings, PlatformSettings, WorkerSettings

_FIELDS = {
    *PlatformSettings.model_fields,
    *ApiSettings.model_fields,
    *WorkerSettings.model_fields,
} - {"home"}


def inherited_environment() -> dict[str, str]:
    """What the parts inherit: the file `.env` of this folder, and over it our environment."""
    from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return {**from_file, **os.environ}


def settings_fingerprint(environment: Mapping[str, str]) -> str:
    """Differs when a setting of the platform, the API or the worker differs."""
    names = sorted(f"QL_{name.upper()}" for name in _FIELDS)
    given = {name: environment[name] for name in names if environment.get(name)}
    return hashlib.sha256(json.dumps(given).encode()).hexdigest()


def code_fingerprint() -> str:
    """Differs when a file of the installed members differs: parts that run are of another age."""
    return hashlib.sha256(json.dumps(sorted(_installed_files())).encode()).hexdigest()


def _installed_files() -> Iterator[tuple[str, int, int]]:
    for root in quantumlayer.__path__:
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                told = Path(folder, name).stat()
                yield f"{folder}/{name}", told.st_size, told.st_mtime_ns
