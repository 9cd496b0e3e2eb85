"""Runs inside the sandbox around a container: lays its root and its volumes, and goes on.

usage: container_start.main() with PLAN COMMAND… PLAN is a file in JSON: `folder` is where the
container lives, `lower` the layers of its image as overlayfs takes them, `steps` what `image_files`
does with the root, and `container` what runc is told. We are root of a user namespace here, and no
code of the project has run yet.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from quantumlayer.qtest.payload.image_files import answers_to


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(plan["folder"])
    root, upper, working = (folder / name for name in ("root", "upper", "working"))
    for place in (root, upper, working):
        place.mkdir()
    options = f"lowerdir={plan['lower']},upperdir={upper},workdir={working},userxattr"
    subprocess.run(["/bin/mount", "-t", "overlay", "overlay", "-o", options, str(root)], check=True)  # noqa: S603 - ours
    for answer in answers_to(plan["steps"]):
        if "wrong" in answer:
            sys.exit(f"The container's folders cannot be made: {answer['wrong']}")
    container = plan["container"]
    container["root"]["path"] = str(root)
    (folder / "config.json").write_text(json.dumps(container))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - it becomes what watches the container
