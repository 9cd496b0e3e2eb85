"""The test command of each language as a developer types it, with what it needs prepared.

Dependencies come from the same cache as those of a check, compilers find their standard library
compiled, and nothing of the project is compiled already.
"""

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from quantumlayer.qtest import Environment, prepare_environment

SCRIPTS: Mapping[str, str] = {
    "python": "{python} -m pytest -q -p no:cacheprovider",
    "javascript": "node --test",
    "typescript": (
        "node node_modules/typescript/bin/tsc -p . --noEmit false --outDir {built} --rootDir ."
        " && cp package.json {built} && node --test {built}/test/"
    ),
    "go": "go test ./...",
    "java": (
        "javac -d {built} -cp {junit} $(find . -name '*.java')"
        " && java -jar {junit} execute -cp {built} --scan-classpath --disable-banner"
    ),
    "rust": "cargo test --offline",
    "c": "mkdir -p {built} && gcc -g -o {built}/tests *.c -lm && {built}/tests",
    "cpp": (
        "mkdir -p {built} && gcc -g -I. -o {built}/tests $(find . -name '*.c' -o -name '*.cpp')"
        " -lstdc++ -lm && {built}/tests"
    ),
}


async def bare_command(
    language: str, project: Path, cache: Path, built: Path
) -> tuple[list[str], dict[str, str]]:
    """The command and what it needs in its environment; `built` is where it may compile to."""
    environment = await prepare_environment(project, language, cache)
    if language == "typescript" and environment.folder is not None:
        (project / "node_modules").symlink_to(environment.folder / "node_modules")
    script = SCRIPTS[language].format(
        built=shlex.quote(str(built)),
        python=shlex.quote(str((environment.folder or Path()) / "bin" / "python")),
        junit=shlex.quote(str(junit_of(environment))),
    )
    return [shutil.which("sh") or "sh", "-ec", script], {
        "CARGO_TARGET_DIR": str(built),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GOFLAGS": "-count=1",
    }


def junit_of(environment: Environment) -> Path:
    """The console launcher that checks use, where the environment has one."""
    wanted = PurePosixPath("/opt/java-session")
    folders = [mount.source for mount in environment.mounts if mount.target == wanted]
    return folders[0] / "junit.jar" if folders else Path()
