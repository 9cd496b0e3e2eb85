"""Configurations of Maven's plug-ins, as an effective model holds them."""

import re
import shlex
from collections.abc import Iterator
from xml.etree import ElementTree as ET

# Words for compilers that say what to warn of, or are for another process: no verdict rests on it.
_NO_MATTER = re.compile(
    r"^-(?:Werror|Xlint\S*|Xdoclint\S*|Xplugin:.*|J.*|verbose|nowarn|deprecation)$"
)
_UNKNOWN = re.compile(r"[@$]\{[^}]*\}")
_COORDINATES = re.compile(r"\$\{([\w.-]+:[\w.-]+:jar(?::[\w.-]+)?)\}")
# Plug-ins that make no source and no resource of what is compiled and tested.
_QUIET = re.compile(
    r"^(?:maven-(?:clean|compiler|resources|surefire|failsafe|jar|war|install|deploy|site|enforcer"
    r"|javadoc|source|gpg|release|checkstyle|pmd|shade|assembly|dependency|help|toolchains|scm"
    r"|project-info-reports|jxr|changes|artifact|ear|ejb|plugin-report|invoker|surefire-report"
    r"|scm-publish|jarsigner|jdeprscan|jdeps|stage|wrapper)-plugin"
    r"|(?:spotbugs|findbugs|jacoco|cobertura|versions|license|rat|apache-rat|spotless|fmt|bundle"
    r"|bnd|animal-sniffer|japicmp|clirr|revapi|flatten|build-helper|nexus-staging|gitflow|dokka"
    r"|central-publishing|sortpom|tidy|impsort|formatter|sonar|owasp|dependency-check|cyclonedx"
    r"|duplicate-finder|moditect|pitest|spring-boot|commons-build|commons-release|git-commit-id"
    r"|coveralls|forbiddenapis|errorprone|nullaway|docker|jib|fabric8|appassembler|jmh"
    r"|buildnumber|lombok|hiera|taglist|extra-enforcer|nisse|maven-sbom)(?:-\w+)*)$"
)


def plugin_named(plugins: list[ET.Element], name: str) -> ET.Element | None:
    """A plug-in of a build by the name of its artifact."""
    return next((one for one in plugins if one.findtext("artifactId") == name), None)


def settings(plugins: list[ET.Element], name: str, execution: str) -> ET.Element:
    """The configuration of an execution, which holds the plug-in's too; else the plug-in's."""
    plugin = plugin_named(plugins, name)
    if plugin is None:
        return ET.Element("configuration")
    for entry in plugin.findall("executions/execution"):
        if (entry.findtext("id") or "default") == execution:
            found = entry.find("configuration")
            if found is not None:
                return found
    found = plugin.find("configuration")
    return ET.Element("configuration") if found is None else found


def executions(plugins: list[ET.Element], name: str, goal: str) -> list[ET.Element]:
    """The executions of a plug-in that have a goal."""
    plugin = plugin_named(plugins, name)
    if plugin is None:
        return []
    return [
        entry
        for entry in plugin.findall("executions/execution")
        if goal in [each.text for each in entry.findall("goals/goal")]
    ]


def makers_of(plugins: list[ET.Element]) -> Iterator[str]:
    """The plug-ins that may make sources or resources."""
    for plugin in plugins:
        name = plugin.findtext("artifactId") or ""
        runs = [
            entry
            for entry in plugin.findall("executions/execution")
            if entry.findtext("phase") != "none"
        ]
        if runs and not _QUIET.match(name):
            yield name


def options_of(given: ET.Element, properties: dict[str, str]) -> Iterator[str]:
    """Words for the compiler that may change what it takes or makes."""
    words = [(entry.text or "").strip() for entry in given.findall("compilerArgs/*")]
    words += shlex.split(one(given, "compilerArgument"))
    for entry in given.findall("compilerArguments/*"):
        words += [f"-{entry.tag}", *([said] if (said := (entry.text or "").strip()) else [])]
    preview = one(given, "enablePreview") or properties.get("maven.compiler.enablePreview", "")
    if preview == "true":
        words.append("--enable-preview")
    processors = words_of(given, "annotationProcessors")
    if processors:
        yield from ("-processor", ",".join(processors))
    for word in words:
        if word and not _NO_MATTER.match(word) and not _UNKNOWN.search(word):
            yield word


def without_unknown(text: str) -> str:
    """A text without what only a run of Maven could fill in."""
    return _UNKNOWN.sub("", text)


def known(word: str) -> str:
    """A word for the virtual machine without what only a run of Maven could fill in.

    `${group:name:jar}` stays: it names a library's file.
    """
    kept = _COORDINATES.search(word)
    return word if kept else without_unknown(word)


def one(given: ET.Element, name: str) -> str:
    """The text of an element of a configuration, empty without one."""
    return (given.findtext(name) or "").strip()


def words_of(given: ET.Element, name: str) -> tuple[str, ...]:
    """The words of a list in a configuration, whether in elements or by commas."""
    found = [entry.text or "" for entry in given.findall(f"{name}/*")]
    return tuple(word.strip() for text in found for word in split_patterns(text) if word.strip())


def split_patterns(text: str) -> list[str]:
    return [text] if text.strip().startswith("%regex") else text.split(",")


def split(text: str) -> tuple[str, ...]:
    """The words of a list by commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
