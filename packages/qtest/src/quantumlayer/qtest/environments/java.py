"""Java: a JDK of this machine, JUnit, and what the project's build files ask for.

What a build declares is worked out by Maven's own reader and resolver, through an extension of ours
that Maven loads before it looks at any project: no plug-in, extension or repository that a build
file names is loaded or asked. Gradle's files are read, and put to the same resolver.
"""

import asyncio
import functools
import shutil
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import FilesOnDisk, NotUnderstood, ProjectFiles
from quantumlayer.manifests.java import languages
from quantumlayer.manifests.java.effective import maven_module
from quantumlayer.manifests.java.gradle import gradle_build, is_gradle
from quantumlayer.manifests.java.model import Module
from quantumlayer.manifests.java.poms import asks_for_files, poms
from quantumlayer.qtest.environments.building import build_once, environment_folder
from quantumlayer.qtest.environments.java_build import (
    BuiltModule,
    JavaBuild,
    built_module,
    digest,
    read_build,
    wished,
)
from quantumlayer.qtest.environments.java_tools import (
    JARS,
    JDK,
    READER,
    RECIPE,
    SESSION,
    Tools,
    forget,
    maven,
    settings_of,
    tools_of,
    undetermined,
)
from quantumlayer.qtest.environments.jdks import default_jdk, suitable_jdk
from quantumlayer.qtest.environments.model import Environment, Language
from quantumlayer.qtest.environments.toolchains import shown
from quantumlayer.qtest.sandbox import WORKSPACE, Mount

LIBRARIES = PurePosixPath("/opt/java-libraries")


async def java_environment(project: Path, cache: Path) -> Environment:
    """The JDK, JUnit with our main class compiled against it, and the project's libraries.

    Raises ToolMissing and DependencyError.
    """
    tools = await tools_of(default_jdk(), cache)
    folder = await build_of(project, cache, tools)
    newest, oldest, exactly, where = wished(read_build(folder)) if folder else (0, 0, 0, "")
    kit = suitable_jdk(newest, oldest, exactly=exactly, where=where)
    target, mounts = shown(kit.home, JDK)
    mounts = (*mounts, *settings_of(kit.home), Mount(source=tools.session, target=SESSION))
    if folder is not None:
        mounts = (*mounts, Mount(source=folder / JARS, target=LIBRARIES / JARS))
    return Environment(
        language=Language.JAVA,
        key=f"{tools.session.name}-{kit.number}",
        folder=folder,
        mounts=mounts,
        executable=target / "bin" / "java",
        variables=(("JAVA_HOME", str(target)),),
    )


async def build_of(project: Path, cache: Path, tools: Tools) -> Path | None:
    """A folder with a build worked out and its jars; None for a project without a build file."""
    files = FilesOnDisk(project)
    try:
        written, modules = await asyncio.to_thread(declared, files)
        if not written:
            languages.refuse_others(files, ["."])
            return None
        texts = [f"{path}\0{text!r}" for path, text in sorted(written.items())]
        recipe = [RECIPE, tools.jdk.version, READER.read_text(), repr(modules)]
        key = digest(["build", *recipe, *texts])
        folder = await build_once(environment_folder(cache, key), functools.partial(
            build_build, written=written, modules=modules, tools=tools
        ))  # fmt: skip
        build = read_build(folder)
        await asyncio.to_thread(
            languages.refuse_others, files, [one.module.folder for one in build.modules]
        )
    except NotUnderstood as problem:
        raise undetermined(problem) from problem
    return folder


def declared(files: ProjectFiles) -> tuple[dict[str, bytes], tuple[Module, ...]]:
    """The poms to put to Maven, and for Gradle the modules that its own files describe."""
    paths = set(files.paths())
    if "pom.xml" in paths:
        found = poms(files)
        if any(map(asks_for_files, found.values())):
            found = {**dict.fromkeys(paths, b""), **found}
        return found, ()
    if is_gradle(paths):
        return gradle_build(files)
    return {}, ()


async def build_build(
    folder: Path,
    written: dict[str, bytes],
    modules: tuple[Module, ...],
    tools: Tools,
) -> None:
    """Have a build worked out, and write down what became of it."""
    root = folder / "poms"
    await asyncio.to_thread(lay_out, root, written)
    newest = ["-Dquantumlayer.newest=true"] if modules else []
    base = tools.repository / "repository"
    await asyncio.to_thread(shutil.copytree, base, folder / "repository")
    answer = await maven(newest, folder, tools)
    own = {one.folder: one for one in modules}
    built: list[BuiltModule] = []
    for number, (manifest, libraries) in enumerate(
        zip(answer.manifests, answer.libraries, strict=True)
    ):
        module = own.get(str(PurePosixPath(manifest).parent))
        if module is None:
            text = (folder / "models" / f"{number}.xml").read_text()
            placed = text.replace(str(root), str(WORKSPACE))
            module = maven_module(placed, manifest=manifest, workspace=str(WORKSPACE))
        built.append(built_module(module, libraries))
    (folder / "build.json").write_text(JavaBuild(modules=tuple(built)).model_dump_json())
    (folder / JARS).mkdir(exist_ok=True)
    await asyncio.to_thread(forget, folder, ("poms", "models", "repository"))


def lay_out(root: Path, written: dict[str, bytes]) -> None:
    root.mkdir()
    for path, content in written.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
