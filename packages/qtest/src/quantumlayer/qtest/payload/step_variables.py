"""Runs inside the sandbox in which an image is built, before a step's container is made.

usage: step_variables.py VARIABLES CREATING… VARIABLES is a file in JSON, CREATING are the words by
which runc is told to make a container; among them is its bundle. The step finds those variables,
unless its image sets them itself: so it is told how to install, and the image never is.
"""

import json
import sys
from pathlib import Path


def main() -> None:
    variables: dict[str, str] = json.loads(Path(sys.argv[1]).read_text())
    words = sys.argv[2:]
    place = Path(words[words.index("--bundle") + 1]) / "config.json"
    container = json.loads(place.read_text())
    environment = container["process"]["env"]
    known = {each.partition("=")[0] for each in environment}
    environment += [f"{name}={value}" for name, value in variables.items() if name not in known]
    place.write_text(json.dumps(container))


if __name__ == "__main__":
    main()
