"""Gradle's build files, read as declarations: what is understood, and what is said of the rest."""

# ruff: noqa: E501 - build files as data

from xml.etree import ElementTree as ET

import pytest

from quantumlayer.manifests import FilesInMemory, NotUnderstood
from quantumlayer.manifests.java.gradle import gradle_build
from quantumlayer.manifests.java.gradle_poms import place_in
from quantumlayer.manifests.java.model import Module

CATALOG = """
[versions]
junit = "5.11.3"
mockito = { strictly = "5.14.2" }
[libraries]
junit-jupiter = { module = "org.junit.jupiter:junit-jupiter", version.ref = "junit" }
mockito_core = { group = "org.mockito", name = "mockito-core", version.ref = "mockito" }
lang = "org.apache.commons:commons-lang3:3.17.0"
[bundles]
testing = ["junit-jupiter", "mockito_core"]
"""


def read(
    files: dict[str, str],
) -> tuple[dict[str, list[tuple[str, str, str, str]]], tuple[Module, ...]]:
    """(pom → [(group, name, version, scope)], modules) of a build."""
    contents = {path: text.encode() for path, text in files.items()}
    poms, modules = gradle_build(FilesInMemory(contents))
    found = {}
    for path, content in poms.items():
        root = ET.fromstring(content)  # noqa: S314 - made by what is tested
        found[path] = [
            tuple(
                entry.findtext(name) or "" for name in ("groupId", "artifactId", "version", "scope")
            )
            for place in ("dependencyManagement/dependencies", "dependencies")
            for entry in root.findall(f"{place}/dependency")
        ]
    return found, modules  # type: ignore[return-value]  # rows of four, as they are named above


@pytest.mark.parametrize(
    "said",
    [
        "testImplementation 'org.mockito:mockito-core:5.14.2'",
        'testImplementation("org.mockito:mockito-core:5.14.2")',
        "testImplementation group: 'org.mockito', name: 'mockito-core', version: '5.14.2'",
        'testImplementation(group = "org.mockito", name = "mockito-core", version = "5.14.2")',
        'testImplementation "org.mockito:mockito-core:$mockito"',
        'testImplementation "org.mockito:mockito-core:${versions.mockito}"',
        "testImplementation 'org.mockito:mockito-core:' + mockito",
        'testImplementation("org.mockito:mockito-core:${property("fromProperties")}")',
        "testImplementation libraries.mockito",
        "testImplementation libs.mockito.core",
        "testImplementation(libs.mockito.core) { exclude group: 'net.bytebuddy' }",
        "testImplementation('org.mockito:mockito-core:5.14.2',\n    // and nothing else\n)",
        "add('testImplementation', 'org.mockito:mockito-core:5.14.2')",
        '"testImplementation"("org.mockito:mockito-core:5.14.2")',
    ],
)
def test_a_library_is_found_in_every_notation(said: str) -> None:
    files = {
        "build.gradle": "plugins { id 'java' }\next.versions = [mockito: '5.14.2']\n"
        "def mockito = '5.14.2'\next {\n  libraries = [mockito: \"org.mockito:mockito-core:$mockito\"]\n}\n"
        f"dependencies {{\n    {said}\n}}\n",
        "gradle.properties": "fromProperties=5.14.2\n",
        "gradle/libs.versions.toml": CATALOG,
    }
    poms, _ = read(files)
    assert poms["pom.xml"] == [("org.mockito", "mockito-core", "5.14.2", "test")]


def test_a_bundle_is_all_its_libraries_and_a_platform_manages_versions() -> None:
    poms, _ = read(
        {
            "build.gradle.kts": "dependencies {\n"
            '  testImplementation(platform("org.junit:junit-bom:5.11.3"))\n'
            "  testImplementation(libs.bundles.testing)\n}\n",
            "gradle/libs.versions.toml": CATALOG,
        }
    )
    assert poms["pom.xml"] == [
        ("org.junit", "junit-bom", "5.11.3", "import"),
        ("org.junit.jupiter", "junit-jupiter", "5.11.3", "test"),
        ("org.mockito", "mockito-core", "5.14.2", "test"),
    ]


def test_modules_lean_on_each_other_and_hide_what_they_do_not_export() -> None:
    poms, modules = read(
        {
            "settings.gradle": "include 'core', ':app'\nproject(':app').projectDir = file('programs/app')\n",
            "build.gradle": "subprojects {\n  dependencies { testImplementation 'junit:junit:4.13.2' }\n}\n",
            "core/build.gradle": "dependencies {\n  api 'a:exported:1'\n  implementation 'a:hidden:1'\n}\n",
            "programs/app/build.gradle": "dependencies { implementation project(':core') }\n",
        }
    )
    assert {module.folder for module in modules} == {".", "core", "programs/app"}
    assert ("gradle.build", "module-core", "1", "compile") in poms["programs/app/pom.xml"]
    assert ("junit", "junit", "4.13.2", "test") in poms["programs/app/pom.xml"]
    assert poms["core/consumers.xml"] == [
        ("a", "exported", "1", "compile"),
        ("a", "hidden", "1", "runtime"),
    ]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("dependencies {\n  if (ready) {\n    implementation 'a:b:1'\n  }\n}\n", 2),
        ("dependencies {\n  implementation 'a:b:' + newest()\n}\n", 2),
        ('dependencies {\n  implementation "a:b:${unknown}"\n}\n', 2),
        ("dependencies {\n  ['a', 'b'].each { implementation \"x:$it:1\" }\n}\n", 2),
        ("if (x) {\n  dependencies {\n    implementation 'a:b:1'\n  }\n}\n", 1),
        ("dependencies {\n\n  implementation libs.nothing.here\n}\n", 3),
        ("dependencies {\n  implementation project(':absent')\n}\n", 2),
        ('dependencies {\n  testImplementation(kotlin("test"))\n}\n', 2),
    ],
)
def test_code_that_computes_is_named_with_its_line(said: str, line: int) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read({"build.gradle": said, "gradle/libs.versions.toml": CATALOG})
    assert (caught.value.path, caught.value.line) == ("build.gradle", line)


def test_a_line_of_a_made_pom_leads_back_to_the_build_file() -> None:
    poms, _ = gradle_build(
        FilesInMemory({"build.gradle": b"\n\ndependencies {\n    implementation 'a:b:1'\n}\n"})
    )
    text = poms["pom.xml"].decode()
    line = next(n for n, one in enumerate(text.splitlines(), 1) if ">b<" in one)
    assert place_in(text, line) == ("build.gradle", 4)


def test_what_a_build_says_of_compiling_and_testing_is_taken_over() -> None:
    _, [module] = read(
        {
            "build.gradle": """
                plugins { id 'java'; id 'com.google.protobuf' version '0.9.4' }
                java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }
                sourceSets { main { java { srcDirs = ['source'] } } test { java { srcDir 'more' } } }
                tasks.withType(JavaCompile).configureEach {
                    options.encoding = 'ISO-8859-1'
                    options.compilerArgs += ['-parameters', '-Xlint:all']
                }
                test {
                    useJUnitPlatform { excludeTags 'slow', 'net' }
                    systemProperty 'shop.mode', 'test'
                    jvmArgs '--add-opens', 'java.base/java.lang=ALL-UNNAMED'
                    exclude '**/Wip*'
                }
                """
        }
    )
    assert module.main.folders == ("source",)
    assert module.tests.folders == ("src/test/java", "more")
    assert (module.main.encoding, module.main.release, module.main.toolchain) == (
        "ISO-8859-1",
        21,
        21,
    )
    assert module.main.options == ("-parameters",)
    [run] = module.runs
    assert run.without_tags == ("slow", "net")
    assert run.properties == (("shop.mode", "test"),)
    assert run.words == ("--add-opens", "java.base/java.lang=ALL-UNNAMED")
    assert len(run.excludes) == 1
    assert module.makers == (("com.google.protobuf", "build.gradle:2"),)


@pytest.mark.parametrize(
    ("said", "release", "exact"),
    [
        ("sourceCompatibility = '1.8'", 8, False),
        ("sourceCompatibility = JavaVersion.VERSION_17", 17, False),
        ("java.sourceCompatibility = JavaVersion.VERSION_1_8", 8, False),
        ("java {\n sourceCompatibility = JavaVersion.toVersion(11)\n}", 11, False),
        ("tasks.withType<JavaCompile> { options.release.set(11) }", 11, True),
        ("compileJava { options.release = 17 }", 17, True),
        ("java { toolchain { languageVersion.set(JavaLanguageVersion.of(21)) } }", 21, True),
    ],
)
def test_the_java_version_is_found(said: str, release: int, exact: bool) -> None:
    _, [module] = read({"build.gradle": f"plugins {{ id 'java' }}\n{said}\n"})
    assert (module.main.release, module.main.exact) == (release, exact)


def test_conventions_of_the_build_itself_are_read() -> None:
    poms, _ = read(
        {
            "settings.gradle.kts": 'include("core")\n',
            "buildSrc/src/main/kotlin/shop.java-conventions.gradle.kts": "plugins { java }\n"
            'dependencies { testImplementation("junit:junit:4.13.2") }\n',
            "core/build.gradle.kts": 'plugins {\n  id("shop.java-conventions")\n}\n',
        }
    )
    assert poms["core/pom.xml"] == [("junit", "junit", "4.13.2", "test")]
