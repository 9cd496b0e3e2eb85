"""A module of Maven, from the model that Maven itself worked out: nothing inherited is missing."""

import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from quantumlayer.manifests.java.model import Compilation, Module, ResourceFolder, TestRun
from quantumlayer.manifests.java.patterns import class_pattern
from quantumlayer.manifests.java.plugin_settings import (
    executions,
    known,
    makers_of,
    one,
    options_of,
    plugin_named,
    settings,
    split,
    without_unknown,
    words_of,
)
from quantumlayer.manifests.model import NotUnderstood

_NAMESPACE = re.compile(r'\sxmlns(:\w+)?="[^"]*"|\sxsi:\w+="[^"]*"')
_DEFAULT_INCLUDES = ("**/Test*.java", "**/*Test.java", "**/*Tests.java", "**/*TestCase.java")
_DEFAULT_EXCLUDES = ("**/*$*",)


def maven_module(text: str, *, manifest: str, workspace: str) -> Module:
    """A module from its effective model.

    `manifest` is the path of its pom in the project; `workspace` is the folder that absolute paths
    of the model begin with. Raises NotUnderstood where a test cannot be run as Maven would.
    """
    return _Reader(ET.fromstring(_NAMESPACE.sub("", text)), manifest, workspace).module()  # noqa: S314 - made by Maven


class _Reader:
    """One effective model, and where its paths begin."""

    def __init__(self, root: ET.Element, manifest: str, workspace: str) -> None:
        self.root, self.manifest, self.workspace = root, manifest, workspace
        self.folder = str(PurePosixPath(manifest).parent)
        self.properties = {
            entry.tag: (entry.text or "").strip() for entry in root.findall("properties/*")
        }

    def module(self) -> Module:
        if self.text("packaging") == "pom":
            return Module(folder=self.folder, manifest=self.manifest)
        build = self.root.find("build")
        plugins = [] if build is None else build.findall("plugins/plugin")
        runs = tuple(self.runs(plugins))
        return Module(
            folder=self.folder,
            manifest=self.manifest,
            main=self.compilation(plugins, "default-compile", "sourceDirectory", "source"),
            tests=self.compilation(
                plugins, "default-testCompile", "testSourceDirectory", "test-source"
            ),
            runs=runs,
            makers=tuple((name, self.manifest) for name in makers_of(plugins)),
            filters=tuple(self.filters().items()),
            jars=tuple(
                self.inside(entry.text.strip())
                for entry in self.root.findall("dependencies/dependency/systemPath")
                if entry.text
            ),
        )

    def compilation(
        self, plugins: list[ET.Element], execution: str, folder: str, helper: str
    ) -> Compilation:
        tests = helper.startswith("test")
        given = settings(plugins, "maven-compiler-plugin", execution)
        release, exact = self.release(given, tests)
        kind = "testResources" if tests else "resources"
        single = "testResource" if tests else "resource"
        made = self.text(f"build/{'testOutputDirectory' if tests else 'outputDirectory'}")
        return Compilation(
            folders=tuple(
                dict.fromkeys(
                    [self.inside(self.text(f"build/{folder}")), *self.added(plugins, helper)]
                )
            ),
            includes=words_of(given, "testIncludes" if tests else "includes"),
            excludes=words_of(given, "testExcludes" if tests else "excludes"),
            resources=(
                *map(self.resource, self.root.findall(f"build/{kind}/{single}")),
                *self.added_resources(plugins, "test-resource" if tests else "resource"),
            ),
            output=self.inside(made),
            encoding=one(given, "encoding")
            or self.properties.get("encoding", "")
            or self.properties.get("project.build.sourceEncoding", ""),
            release=release,
            exact=exact,
            options=tuple(options_of(given, self.properties)),
            processing=one(given, "proc"),
        )

    def release(self, given: ET.Element, tests: bool) -> tuple[int, bool]:
        """The version that is asked for, and whether its library is meant too."""
        kinds: tuple[str, ...] = ("testRelease", "release") if tests else ("release",)
        own = {"testRelease": "maven.compiler.testRelease", "release": "maven.compiler.release"}
        for kind in kinds:
            asked = one(given, kind) or self.properties.get(own[kind], "")
            if asked:
                return self.version(asked), True
        kinds = ("testSource", "source", "testTarget", "target") if tests else ("source", "target")
        for kind in kinds:
            asked = one(given, kind) or self.properties.get(f"maven.compiler.{kind}", "")
            if asked:
                return self.version(asked), False
        return 0, False

    def version(self, asked: str) -> int:
        match = re.match(r"^(?:1\.)?(\d+)(?:\.\d+)*$", asked)
        if match is None:
            raise NotUnderstood(f"`{asked}` is no version of Java", path=self.manifest)
        return int(match[1])

    def runs(self, plugins: list[ET.Element]) -> Iterator[TestRun]:
        """What Surefire does in each of its executions."""
        surefire = plugin_named(plugins, "maven-surefire-plugin")
        names = {"default-test"}
        for execution in [] if surefire is None else surefire.findall("executions/execution"):
            goals = [goal.text for goal in execution.findall("goals/goal")]
            if "test" in goals and execution.findtext("phase") != "none":
                names.add(execution.findtext("id") or "default")
            elif execution.findtext("phase") == "none":
                names.discard(execution.findtext("id") or "default")
        for name in sorted(names):
            yield self.run(settings(plugins, "maven-surefire-plugin", name))

    def run(self, given: ET.Element) -> TestRun:
        if given.find("suiteXmlFiles") is not None:
            raise NotUnderstood(
                "its tests are chosen by suite files of TestNG (`suiteXmlFiles`), which are not "
                "read here", path=self.manifest,
            )  # fmt: skip
        includes = words_of(given, "includes")
        excludes = words_of(given, "excludes")
        listed = (*includes, *excludes)
        if any("#" in word for word in listed if not word.startswith("%")):
            raise NotUnderstood("its tests are chosen by method", path=self.manifest)
        refused = [word[1:] for word in includes if word.startswith("!")]
        wanted = [word for word in includes if not word.startswith("!")]
        properties = dict(self.pairs(given, "systemProperties"))
        properties |= dict(self.pairs(given, "systemPropertyVariables"))
        words = shlex.split(one(given, "argLine") or self.properties.get("argLine", ""))
        if one(given, "enableAssertions") == "false":
            words.append("-da")
        return TestRun(
            includes=tuple(map(class_pattern, wanted or _DEFAULT_INCLUDES)),
            excludes=tuple(map(class_pattern, (*(excludes or _DEFAULT_EXCLUDES), *refused))),
            tags=split(one(given, "groups") or self.properties.get("groups", "")),
            without_tags=split(
                one(given, "excludedGroups") or self.properties.get("excludedGroups", "")
            ),
            words=tuple(filter(None, map(known, words))),
            properties=tuple(properties.items()),
            variables=tuple(self.pairs(given, "environmentVariables")),
            folder=self.inside(one(given, "workingDirectory")) if one(given, "workingDirectory")
            else self.folder,
            skipped=self.skipped(given),
        )  # fmt: skip

    def skipped(self, given: ET.Element) -> str:
        for name in ("skip", "skipTests", "skipExec"):
            if one(given, name) == "true":
                return f"{self.manifest} skips the tests of this module ({name})."
        for name in ("skipTests", "maven.test.skip", "maven.test.skip.exec"):
            if self.properties.get(name) == "true":
                return f"{self.manifest} skips the tests of this module ({name})."
        return ""

    def pairs(self, given: ET.Element, name: str) -> Iterator[tuple[str, str]]:
        for entry in given.findall(f"{name}/*"):
            key, value = entry.findtext("name"), entry.findtext("value")
            if entry.tag == "property" and key is not None:
                yield key.strip(), without_unknown((value or "").strip())
            else:
                yield entry.tag, without_unknown((entry.text or "").strip())

    def added(self, plugins: list[ET.Element], helper: str) -> Iterator[str]:
        """Source folders that the build helper adds."""
        for execution in executions(plugins, "build-helper-maven-plugin", f"add-{helper}"):
            for entry in execution.findall("configuration/sources/*"):
                yield self.inside((entry.text or "").strip())

    def added_resources(self, plugins: list[ET.Element], helper: str) -> Iterator[ResourceFolder]:
        for execution in executions(plugins, "build-helper-maven-plugin", f"add-{helper}"):
            yield from map(self.resource, execution.findall("configuration/resources/*"))

    def resource(self, entry: ET.Element) -> ResourceFolder:
        return ResourceFolder(
            folder=self.inside((entry.findtext("directory") or "").strip()),
            target=(entry.findtext("targetPath") or "").strip(),
            filtered=(entry.findtext("filtering") or "").strip() == "true",
            includes=words_of(entry, "includes"),
            excludes=words_of(entry, "excludes"),
        )

    def filters(self) -> dict[str, str]:
        """What `${…}` stands for in filtered resources."""
        found = dict(self.properties)
        for name in ("groupId", "artifactId", "version", "name", "description", "url"):
            value = self.text(name)
            if value:
                found |= {f"project.{name}": value, f"pom.{name}": value}
        found["project.build.directory"] = self.text("build/directory")
        found["project.basedir"] = found["basedir"] = f"{self.workspace}/{self.folder}"
        return found

    def text(self, path: str) -> str:
        return (self.root.findtext(path) or "").strip()

    def inside(self, place: str) -> str:
        """A path of the model as the project knows it."""
        if place == self.workspace:
            return "."
        if place.startswith(f"{self.workspace}/"):
            relative = place.removeprefix(f"{self.workspace}/")
        else:
            relative = str(PurePosixPath(self.folder) / place.removeprefix("./"))
        parts: list[str] = []
        for part in PurePosixPath(relative).parts:
            if part == ".." and not parts:
                raise NotUnderstood(f"`{place}` lies outside of the project", path=self.manifest)
            parts = parts[:-1] if part == ".." else [*parts, part]
        if PurePosixPath(relative).is_absolute():
            raise NotUnderstood(f"`{place}` lies outside of the project", path=self.manifest)
        return "/".join(parts) or "."
