"""What single statements of a Gradle build file mean: a table of their forms."""

# ruff: noqa: E501 - a table of patterns, one a line

import re
from collections.abc import Callable

from quantumlayer.manifests.java.gradle_catalog import accessor
from quantumlayer.manifests.java.gradle_dependencies import maven_version
from quantumlayer.manifests.java.gradle_model import Draft, Wanted
from quantumlayer.manifests.java.patterns import class_pattern
from quantumlayer.manifests.model import NotUnderstood

Match = re.Match[str]
Rule = Callable[[Draft, Match, int], None]
_SET = r"(?:\s*=\s*|\.set\(|\s*\()\s*"
_TEST = (
    r"^(?:tasks\.)?(?:test|named(?:<Test>)?\(\s*['\"]test['\"][^)]*\)|withType(?:<Test>)?\s*(?:\(\s*"
    r"(?:Test(?:::class(?:\.java)?)?)?\s*\))?)(?:\.(?:configureEach|all|configure))?\."
)
# Plug-ins that make no source and no resource, and bring no dependency.
_QUIET = re.compile(
    r"^(?:org\.gradle\.)?(?:java|java-library|java-base|application|base|jacoco|checkstyle|pmd|idea"
    r"|eclipse|maven-publish|signing|distribution|war|ear|java-platform|jvm-test-suite|groovy|scala"
    r"|test-report-aggregation|jacoco-report-aggregation|build-dashboard|project-report|wrapper"
    r"|version-catalog|jvm-toolchains|toolchains\.foojay-resolver(?:-convention)?)$"
    r"|^org\.springframework\.boot$|^io\.spring\.dependency-management$|^com\.diffplug\."
    r"|^com\.github\.(?:ben-manes|johnrengelman|spotbugs)|^com\.gradleup\.shadow|^org\.sonarqube$"
    r"|^net\.ltgt\.|^com\.vanniktech\.|^io\.github\.gradle-nexus|^me\.champeau\.|^org\.owasp\."
    r"|^net\.researchgate\.|^com\.palantir\.git-version|^nebula\.|^com\.gradle\.|^com\.adarshr\."
    r"|^org\.beryx\.|^pl\.allegro\.tech\.build|^org\.cyclonedx|^info\.solidsoft\.pitest"
    r"|^org\.javamodularity\.|^com\.bmuschko\.docker|^com\.google\.cloud\.tools\.jib|^nu\.studer\.credentials"
)


def apply_rules(draft: Draft, text: str, line: int) -> None:
    """Take in one statement; what matches no rule decides nothing here."""
    for pattern, rule in _RULES:
        match = pattern.match(text)
        if match is not None:
            rule(draft, match, line)
            return


def variable(draft: Draft, match: Match, line: int) -> None:
    """A name for a value; one that is computed stays unknown until somebody needs it."""
    try:
        draft.values[match["name"]] = draft.value(unclosed(match["value"]), line)
    except NotUnderstood:
        draft.values.pop(match["name"], None)


def delegated(draft: Draft, match: Match, line: int) -> None:
    variable(draft, match, line)


def plugin(draft: Draft, match: Match, line: int) -> None:
    name, version = match["id"], ""
    said = re.search(r"\bversion\s*\(?\s*(?P<value>[^)]+?)\s*\)?\s*(?:apply\b.*)?$", match["rest"])
    if said is not None:
        try:
            version = draft.word(said["value"], line)
        except NotUnderstood:
            version = ""
    if re.search(r"\bapply\s*\(?\s*false", match["rest"]):
        draft.values[f"plugin {name}"] = version
        return
    note_plugin(draft, name, version, line)


def aliased(draft: Draft, match: Match, line: int) -> None:
    owner, _, rest = match["name"].partition(".plugins.")
    made = draft.catalogs.get(owner)
    found = made.plugins.get(accessor(rest)) if made else None
    if found is None:
        raise NotUnderstood(f"`{match['name']}` is not in the version catalog", path=draft.path,
                            line=line)  # fmt: skip
    if re.search(r"\bapply\s*\(?\s*false", match["rest"]):
        draft.values[f"plugin {found[0]}"] = found[1]
        return
    note_plugin(draft, found[0], found[1], line)


def note_plugin(draft: Draft, name: str, version: str, line: int) -> None:
    known = draft.values.get(f"plugin {name}")
    draft.plugins[name] = (version or (known if isinstance(known, str) else ""), draft.path)
    if not _QUIET.search(name):
        draft.makers.append((name, f"{draft.path}:{line}"))


def bom(draft: Draft, match: Match, line: int) -> None:
    words = draft.word(unclosed(match["value"]), line).split(":")
    if len(words) >= 3:
        kind = "bom" if match["kind"].endswith("mavenBom") else "constraint"
        draft.wanted.append(
            Wanted(kind, "implementation", words[1], words[0], maven_version(words[2]),
                   path=draft.path, line=line)
        )  # fmt: skip


def forced(draft: Draft, match: Match, line: int) -> None:
    for word in draft.words(unclosed(match["value"]), line):
        words = word.split(":")
        if len(words) >= 3:
            draft.wanted.append(
                Wanted("constraint", "implementation", words[1], words[0], maven_version(words[2]),
                       path=draft.path, line=line)
            )  # fmt: skip


def encoding(draft: Draft, match: Match, line: int) -> None:
    draft.encoding = draft.word(unclosed(match["value"]), line)


def release(draft: Draft, match: Match, line: int) -> None:
    kind = match["kind"]
    said = re.sub(r"JavaVersion\.VERSION_(?:1_)?(\d+)\b", r"'\1'", unclosed(match["value"]))
    said = re.sub(r"JavaVersion\.toVersion\(([^()]*)\)", r"\1", said)
    found = re.match(r"^(?:1\.)?(\d+)", draft.word(said.replace(".toInt()", ""), line))
    if found is None:
        raise NotUnderstood(f"`{match['value']}` is no version of Java", path=draft.path, line=line)
    draft.release[kind.rpartition(".")[2]] = int(found[1])


def options(draft: Draft, match: Match, line: int) -> None:
    words = draft.words(
        re.sub(r"^(?:listOf|arrayOf)\((.*)\)$", r"\1", unclosed(match["value"])), line
    )
    draft.options += [
        word for word in words if not re.match(r"-(?:Xlint|Werror|Xdoclint|Xplugin)", word)
    ]


def source_folders(draft: Draft, match: Match, line: int) -> None:
    said = unclosed(match["value"])
    if re.search(r"buildDir|build/generated|layout\.build|outputDir|generate", said):
        draft.makers.append((f"sources in {said[:60]}", f"{draft.path}:{line}"))
        return
    words = draft.words(re.sub(r"^\s*=?\s*", "", said), line)
    key = f"{match['set']}.{match['kind']}"
    if match["way"] == "srcDir" or (
        "=" not in match[0][: match.start("value") - match.start()]
        and (not match["way"].startswith("set"))
    ):
        draft.sources[key] = [*draft.sources.get(key, standard(key)), *words]
    else:
        draft.sources[key] = words


def standard(key: str) -> list[str]:
    """Where sources are without a word about it."""
    name, _, kind = key.partition(".")
    return [f"src/{name}/{kind}"]


def tags(draft: Draft, match: Match, line: int) -> None:
    words = draft.words(unclosed(match["value"]), line)
    (draft.tests.tags if match["kind"] == "includeTags" else draft.tests.without_tags).extend(words)


def chosen(draft: Draft, match: Match, line: int) -> None:
    words = draft.words(unclosed(match["value"]), line)
    kind = match["kind"]
    if kind.endswith("TestsMatching"):
        made = [f"^{re.escape(word).replace(chr(92) + '*', '.*')}$" for word in words]
        if kind.startswith("include"):
            made = [one.replace("^", r"^(?:.*\.)?", 1) for one in made]
    else:
        made = [class_pattern(word) for word in words]
    (draft.tests.includes if kind.startswith("include") else draft.tests.excludes).extend(made)


def system_property(draft: Draft, match: Match, line: int) -> None:
    kept = draft.tests.variables if match["kind"] == "environment" else draft.tests.properties
    value = draft.value(f"[{unclosed(match['value'])}]", line)
    if isinstance(value, dict):
        kept.update({key: str(one) for key, one in value.items()})
    elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        kept.update({key: str(one) for key, one in value[0].items()})
    elif isinstance(value, list) and len(value) == 2:
        kept[str(value[0])] = str(value[1])


def machine_words(draft: Draft, match: Match, line: int) -> None:
    draft.tests.words += draft.words(unclosed(match["value"]), line)


def heap(draft: Draft, match: Match, line: int) -> None:
    draft.tests.words.append(f"-Xmx{draft.word(unclosed(match['value']), line)}")


def disabled(draft: Draft, _: Match, line: int) -> None:
    draft.tests.skipped = f"{draft.path}:{line} switches the tests off."


def suite(draft: Draft, match: Match, line: int) -> None:
    version = draft.word(unclosed(match["value"]), line) if match["value"].strip(" )") else "5.10.2"
    for name in ("junit-jupiter",):
        draft.wanted.append(Wanted("library", "testImplementation", name, "org.junit.jupiter",
                                   version, path=draft.path, line=line))  # fmt: skip


def unclosed(text: str) -> str:
    """An expression without the bracket that closed the call around it."""
    said = text.strip()
    while said.count("(") < said.count(")") and said.endswith(")"):
        said = said[:-1].strip()
    return said


def _rules(table: dict[str, Rule]) -> list[tuple[re.Pattern[str], Rule]]:
    return [(re.compile(pattern, re.DOTALL), rule) for pattern, rule in table.items()]


_VALUE = r"(?P<value>.+)$"
_RULES = _rules({
    rf"^(?:buildscript\.)?(?:(?:project|rootProject)\.)?(?:ext|extra)\.(?!set\()(?P<name>[\w.]+)\s*=\s*{_VALUE}": variable,
    rf"^(?:buildscript\.)?(?:(?:project|rootProject)\.)?(?:ext|extra)\.?(?:set\(|\[)\s*['\"](?P<name>[\w.-]+)['\"]\s*(?:,|\]\s*=)\s*{_VALUE}": variable,
    rf"^(?:buildscript\.)?(?:final\s+)?(?:def|val|var|String|int)\s+(?P<name>\w+)(?:\s*:\s*\w+\??)?\s*=\s*{_VALUE}": variable,
    r"^(?:val|var)\s+(?P<name>\w+)(?:\s*:\s*\w+)?\s+by\s+extra\s*\((?P<value>.+)$": delegated,
    rf"^(?P<name>version|group)\s*(?:=\s*|\s)(?!\()\s*{_VALUE}": variable,
    r"^(?:plugins|apply)\.?\s*(?:\(\s*)?(?:id\s*\(?\s*|plugin\s*[:=]\s*)['\"](?P<id>[\w.-]+)['\"](?P<rest>.*)$": plugin,
    r"^plugins\.alias\s*\(?\s*(?P<name>[\w.]+)\s*\)?(?P<rest>.*)$": aliased,
    r"^plugins\.`?(?P<id>[a-z][\w-]*)`?(?P<rest>)$": plugin,
    rf"^dependencyManagement\.(?P<kind>imports\.mavenBom|dependencies\.dependency)\s*\(?\s*{_VALUE}": bom,
    rf"^configurations\.(?:all|configureEach)\.resolutionStrategy\.force\s*\(?\s*{_VALUE}": forced,
    rf"^.*\boptions\*?\.encoding{_SET}{_VALUE}": encoding,
    rf"^(?:.*\.)?(?P<kind>toolchain\.languageVersion){_SET}{_VALUE}": release,
    rf"^(?:java\.)?(?P<kind>sourceCompatibility|targetCompatibility){_SET}{_VALUE}": release,
    rf"^(?:java\.)?(?P<kind>sourceCompatibility|targetCompatibility)\s+{_VALUE}": release,
    rf"^(?:.*\.)?(?P<kind>options\.release){_SET}{_VALUE}": release,
    rf"^.*\boptions\.compilerArgs\.(?:addAll|add)\s*\(?\s*{_VALUE}": options,
    rf"^.*\boptions\.compilerArgs\s*(?:\+=|<<|=)\s*{_VALUE}": options,
    rf"^sourceSets\.(?:named\(\s*)?(?:getByName\(\s*)?['\"]?(?P<set>main|test)['\"]?\)?\.(?P<kind>java|resources)\.(?P<way>srcDirs?|setSrcDirs)\s*[=(]?\s*{_VALUE}": source_folders,
    rf"{_TEST}(?:useJUnitPlatform(?:\(\))?|options)\.(?P<kind>includeTags|excludeTags)\s*\(?\s*{_VALUE}": tags,
    rf"{_TEST}(?:filter\.)?(?P<kind>include|exclude|includeTestsMatching|excludeTestsMatching)\s*\(?\s*{_VALUE}": chosen,
    rf"{_TEST}(?P<kind>systemProperty|systemProperties|environment)\s*\(?\s*=?\s*{_VALUE}": system_property,
    rf"{_TEST}jvmArgs\s*(?:\+?=|\(|\s)\s*{_VALUE}": machine_words,
    rf"{_TEST}maxHeapSize{_SET}{_VALUE}": heap,
    rf"{_TEST}(?:enabled|isEnabled)\s*=\s*false$": disabled,
    r"^testing\.suites\..*\buseJUnitJupiter\((?P<value>.*)$": suite,
})  # fmt: skip
