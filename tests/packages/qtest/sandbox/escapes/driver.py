"""Runs inside: every attempt in a process and a folder of its own.

usage: driver.py SECONDS. The programs lie in `attempts/`; what each said goes to stdout as JSON.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AT_ONCE = 4
COMMANDS = {".py": [sys.executable, "-I", "-S"], ".sh": ["/bin/sh"], "": []}


def attempt(program: Path, seconds: float) -> dict[str, object]:
    """What one program said and how it ended."""
    folder = Path("runs", program.stem)
    folder.mkdir(parents=True)
    (folder / "planted").symlink_to(Path("planted").absolute())
    try:
        done = subprocess.run(
            [*COMMANDS[program.suffix], str(program.absolute())],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
            start_new_session=True,
            close_fds=False,  # what could be inherited is to be inherited
        )
    except subprocess.TimeoutExpired:
        return {"said": "it did not end", "status": None}
    said = (done.stdout + done.stderr).decode(errors="replace")
    return {"said": said[-4000:], "status": done.returncode}


def main() -> None:
    programs = sorted(Path("attempts").iterdir())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = pool.map(lambda program: attempt(program, float(sys.argv[1])), programs)
        found = dict(zip([program.stem for program in programs], ended, strict=True))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
