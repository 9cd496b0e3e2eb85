"""Runs inside the sandbox in which an image is built, before a step's container is made.

usage: step_container.py VARIABLES CREATING… VARIABLES is a file in JSON, CREATING are the words by
which runc is told to make a container; among them is its bundle. The step finds those variables,
unless its image sets them itself: so it is told how to install, and the image never is. What it may
keep in memory that belongs to no process has a size, whatever its Dockerfile asks for.
"""

import json
import sys
from pathlib import Path
from typing import Any

IN_MEMORY_BYTES = 512 * 1024 * 1024  # of all such file systems of one step
INODES = 16_384
SIZES = ("size", "nr_inodes", "nr_blocks", "huge")


def bounded(mounts: list[dict[str, Any]]) -> None:
    """Give file systems in memory their share of what all of them may hold."""
    found = [one for one in mounts if one.get("type") == "tmpfs"]
    for one in found:
        kept = [each for each in one.get("options") or () if each.partition("=")[0] not in SIZES]
        share = IN_MEMORY_BYTES // len(found)
        one["options"] = [*kept, f"size={share}", f"nr_inodes={INODES // len(found)}"]


def main() -> None:
    variables: dict[str, str] = json.loads(Path(sys.argv[1]).read_text())
    words = sys.argv[2:]
    place = Path(words[words.index("--bundle") + 1]) / "config.json"
    container = json.loads(place.read_text())
    environment = container["process"]["env"]
    known = {each.partition("=")[0] for each in environment}
    environment += [f"{name}={value}" for name, value in variables.items() if name not in known]
    bounded(container["mounts"])
    place.write_text(json.dumps(container))


if __name__ == "__main__":
    main()
