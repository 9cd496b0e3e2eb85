"""Small Java projects as data: a shop whose price list is right, or wrong by one sign."""

from collections.abc import Mapping

RIGHT = "return units * cents;"
WRONG = "return units + cents;"


def pom(*, properties: str = "", dependencies: str = "", rest: str = "", build: str = "") -> str:
    """A pom of our shop."""
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
        "<groupId>shop</groupId><artifactId>shop</artifactId><version>1</version>\n"
        f"<properties>{properties}</properties>\n{rest}\n"
        f"<dependencies>{dependencies}</dependencies>\n<build>{build}</build></project>\n"
    )


def library(
    group: str, name: str, version: str = "", *, scope: str = "test", more: str = ""
) -> str:
    """A dependency, in a pom."""
    said = f"<version>{version}</version>" if version else ""
    return (
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>{said}"
        f"<scope>{scope}</scope>{more}</dependency>\n"
    )


JUPITER = library("org.junit.jupiter", "junit-jupiter", "5.10.2")
JUNIT4 = library("junit", "junit", "4.13.2")


def code(body: str = RIGHT, *, package: str = "shop", name: str = "Price") -> str:
    """The class that is tested."""
    return (
        f"package {package};\npublic class {name} {{\n"
        f"    public static int of(int units, int cents) {{ {body} }}\n}}\n"
    )


def test(
    inside: str = "@Test void multiplies() { assertEquals(12, Price.of(3, 4)); }",
    *,
    name: str = "PriceTest",
    head: str = "",
) -> str:
    """A class of tests for JUnit 5."""
    return (
        "package shop;\nimport static org.junit.jupiter.api.Assertions.*;\n"
        f"import org.junit.jupiter.api.*;\n{head}\nclass {name} {{\n    {inside}\n}}\n"
    )


test.__test__ = False  # type: ignore[attr-defined]  # pytest would collect a function of this name


def maven(
    files: Mapping[str, str] | None = None, *, body: str = RIGHT, **parts: str
) -> dict[str, str]:
    """A project of Maven; `files` are added, or take the place of its own."""
    parts.setdefault("dependencies", JUPITER)
    return {
        "pom.xml": pom(**parts),
        "src/main/java/shop/Price.java": code(body),
        "src/test/java/shop/PriceTest.java": test(),
        **(files or {}),
    }


def gradle(
    build: str,
    files: Mapping[str, str] | None = None,
    *,
    body: str = RIGHT,
    name: str = "build.gradle",
) -> dict[str, str]:
    """A project of Gradle."""
    return {
        name: build,
        "src/main/java/shop/Price.java": code(body),
        "src/test/java/shop/PriceTest.java": test(),
        **(files or {}),
    }
