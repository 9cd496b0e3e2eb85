"""Builds of Java as people have them: what is right passes, its wrong twin fails, and what could
not be found out is said with its place.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits, Sandbox, TestReport, Verdict, run_tests
from tests.packages.qtest.java_builds.projects import (
    JUNIT4,
    JUPITER,
    RIGHT,
    WRONG,
    code,
    library,
    maven,
    pom,
    test,
)

LIMITS = Limits(wall_seconds=90, cpu_seconds=90)
Files = Mapping[str, str | bytes]
CheckJava = Callable[[Files], Awaitable[TestReport]]
BOTH = pytest.mark.parametrize(
    ("body", "verdict"), [(RIGHT, Verdict.PASSED), (WRONG, Verdict.FAILED)], ids=["right", "wrong"]
)


@pytest.fixture
def check_java(tmp_path: Path, cache: Path, sandbox: Sandbox) -> CheckJava:
    async def run(files: Files) -> TestReport:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return await run_tests(
            tmp_path, cache=cache, limits=LIMITS, language="java", sandbox=sandbox
        )

    return run


PARENT = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>shop</groupId>"
    "<artifactId>parent</artifactId><version>${revision}</version><packaging>pom</packaging>"
    "<properties><revision>7</revision><junit.version>5.10.2</junit.version></properties>{rest}"
    "<dependencyManagement><dependencies><dependency><groupId>org.junit</groupId>"
    "<artifactId>junit-bom</artifactId><version>${junit.version}</version><type>pom</type>"
    "<scope>import</scope></dependency></dependencies></dependencyManagement></project>"
)
CHILD = (
    "<project><modelVersion>4.0.0</modelVersion><parent><groupId>shop</groupId>"
    "<artifactId>parent</artifactId><version>${revision}</version>{place}</parent>"
    "<artifactId>{name}</artifactId><dependencies>{more}<dependency>"
    "<groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>"
    "<scope>test</scope></dependency></dependencies></project>"
)


def reactor(body: str) -> dict[str, str]:
    """Two modules, of which one leans on the other, named before it."""
    modules = "<modules><module>shop</module><module>core</module></modules>"
    needs = (
        "<dependency><groupId>shop</groupId><artifactId>core</artifactId>"
        "<version>${project.version}</version></dependency>"
    )
    reads = (
        "@Test void readsWhatLiesBesideIt() throws Exception {\n"
        'assertEquals("3", java.nio.file.Files.readString(java.nio.file.Path.of("units.txt")));\n'
        "assertEquals(12, Price.of(3, 4)); }"
    )
    return {
        "pom.xml": PARENT.replace("{rest}", modules),
        "shop/pom.xml": CHILD.replace("{name}", "shop")
        .replace("{place}", "")
        .replace("{more}", needs),
        "core/pom.xml": CHILD.replace("{name}", "core")
        .replace("{place}", "")
        .replace("{more}", ""),
        "core/src/main/java/shop/Price.java": code(body),
        "shop/units.txt": "3",
        "shop/src/test/java/shop/PriceTest.java": test(reads),
    }


MAVEN: dict[str, Callable[[str], dict[str, str]]] = {
    "a reactor whose modules lean on each other": reactor,
    "a parent by its path, properties, an imported list of versions": lambda body: {
        "parent/pom.xml": PARENT.replace("{rest}", ""),
        "pom.xml": CHILD.replace("{name}", "shop")
        .replace("{more}", "")
        .replace("{place}", "<relativePath>parent/pom.xml</relativePath>"),
        "src/main/java/shop/Price.java": code(body),
        "src/test/java/shop/PriceTest.java": test(),
    },
    "a profile that is active by default, and nested properties": lambda body: maven(
        body=body,
        properties="<one>5.10</one><junit>${one}.2</junit>",
        dependencies="",
        rest="<profiles><profile><id>tests</id><activation><activeByDefault>true</activeByDefault>"
        "</activation><dependencies>"
        + library("org.junit.jupiter", "junit-jupiter", "${junit}")
        + "</dependencies></profile></profiles>",
    ),
    "JUnit 4 alone": lambda body: maven(
        {
            "src/test/java/shop/PriceTest.java": "package shop;\nimport static org.junit.Assert.*;\n"
            "import org.junit.Test;\npublic class PriceTest {\n"
            "@Test public void multiplies() { assertEquals(12, Price.of(3, 4)); }\n"
            '@Test @org.junit.Ignore("later") public void later() { fail(); } }\n'
        },
        body=body,
        dependencies=JUNIT4,
    ),
    "an older JUnit 4, with parameters": lambda body: maven(
        {
            "src/test/java/shop/PriceTest.java": "package shop;\nimport static org.junit.Assert.*;\n"
            "import java.util.*;\nimport org.junit.Test;\nimport org.junit.runner.RunWith;\n"
            "import org.junit.runners.Parameterized;\n@RunWith(Parameterized.class)\n"
            "public class PriceTest {\n"
            "@Parameterized.Parameters public static Collection<Object[]> rows() {\n"
            "return Arrays.asList(new Object[][] {{12, 3}, {20, 5}}); }\n"
            "private final int total, units;\n"
            "public PriceTest(int total, int units) { this.total = total; this.units = units; }\n"
            "@Test public void multiplies() { assertEquals(total, Price.of(units, 4)); } }\n"
        },
        body=body,
        dependencies=library("junit", "junit", "4.11"),
    ),
    "JUnit 3's way": lambda body: maven(
        {
            "src/test/java/shop/PriceTest.java": "package shop;\n"
            "public class PriceTest extends junit.framework.TestCase {\n"
            "public void testMultiplies() { assertEquals(12, Price.of(3, 4)); } }\n"
        },
        body=body,
        dependencies=JUNIT4,
    ),
    "TestNG": lambda body: maven(
        {
            "src/test/java/shop/PriceTest.java": "package shop;\n"
            "import static org.testng.Assert.assertEquals;\nimport org.testng.annotations.*;\n"
            "public class PriceTest {\n"
            '@DataProvider(name = "rows") public Object[][] rows() { return new Object[][] {{3, 12}}; }\n'
            '@Test(dataProvider = "rows") public void multiplies(int units, int total) {\n'
            "assertEquals(Price.of(units, 4), total); } }\n"
        },
        body=body,
        dependencies=library("org.testng", "testng", "7.10.2"),
    ),
    "folders of its own, and what a plug-in would have added": lambda body: {
        "pom.xml": pom(
            dependencies=JUPITER,
            build="<sourceDirectory>code</sourceDirectory>"
            "<testSourceDirectory>${project.basedir}/checks</testSourceDirectory><plugins><plugin>"
            "<groupId>org.codehaus.mojo</groupId><artifactId>build-helper-maven-plugin</artifactId>"
            "<version>3.5.0</version><executions><execution><phase>generate-sources</phase><goals>"
            "<goal>add-source</goal></goals><configuration><sources><source>more</source></sources>"
            "</configuration></execution></executions></plugin></plugins>",
        ),
        "more/shop/Price.java": code(body),
        "code/shop/Twice.java": code("return 2 * Price.of(units, cents);", name="Twice"),
        "checks/shop/PriceTest.java": test(
            "@Test void twice() { assertEquals(24, Twice.of(3, 4)); }"
        ),
    },
    "filtered resources": lambda body: maven(
        {
            "src/main/resources/shop.properties": "version=${project.version}\nfactor=${factor}\n",
            "src/test/java/shop/PriceTest.java": test(
                "@Test void reads() throws Exception { var all = new java.util.Properties();\n"
                'all.load(Price.class.getResourceAsStream("/shop.properties"));\n'
                'assertEquals("1", all.getProperty("version"));\n'
                'assertEquals(12, Price.of(3, Integer.parseInt(all.getProperty("factor")))); }'
            ),
        },
        body=body,
        properties="<factor>4</factor>",
        build="<resources><resource><directory>src/main/resources</directory>"
        "<filtering>true</filtering></resource></resources>",
    ),
    "settings of Surefire": lambda body: maven(
        {
            "src/test/java/shop/PriceTest.java": test("@Test void never() { fail(); }"),
            "src/test/java/shop/PriceSpec.java": test(
                '@Test void reads() { assertEquals("x y", System.getProperty("shop.mode"));\n'
                'assertEquals("5", System.getProperty("shop.line"));\n'
                "assertEquals(12, Price.of(3, 4)); }",
                name="PriceSpec",
            ),
        },
        body=body,
        build="<plugins><plugin><artifactId>maven-surefire-plugin</artifactId><version>3.2.5</version>"
        "<configuration><argLine>@{argLine} -Dshop.line=5</argLine><includes>"
        "<include>**/*Spec.java</include></includes><systemPropertyVariables>"
        "<shop.mode>x y</shop.mode></systemPropertyVariables></configuration></plugin></plugins>",
    ),
    "modules of Java": lambda body: maven(
        {
            "src/main/java/module-info.java": "module shop {\n  requires java.logging;\n"
            "  exports shop;\n  provides java.util.function.IntBinaryOperator with shop.Times;\n}\n",
            "src/main/java/shop/Times.java": "package shop;\npublic class Times implements "
            "java.util.function.IntBinaryOperator {\n"
            "public int applyAsInt(int a, int b) { return Price.of(a, b); } }\n",
            "src/test/java/shop/PriceTest.java": test(
                "@Test void isFound() { var found = java.util.ServiceLoader.load("
                "java.util.function.IntBinaryOperator.class).findFirst().get();\n"
                "assertEquals(12, found.applyAsInt(3, 4)); }"
            ),
        },
        body=body,
        properties="<maven.compiler.release>17</maven.compiler.release>",
    ),
    "a processor of annotations": lambda body: maven(
        {
            "src/main/java/shop/Item.java": "package shop;\nimport lombok.*;\n"
            "@Value @Builder public class Item { int units; int cents;\n"
            "public int price() { return Price.of(getUnits(), getCents()); } }\n",
            "src/test/java/shop/PriceTest.java": test(
                "@Test void builds() { assertEquals(12, "
                "Item.builder().units(3).cents(4).build().price()); }"
            ),
        },
        body=body,
        dependencies=JUPITER + library("org.projectlombok", "lombok", "1.18.34", scope="provided"),
    ),
    "a newer release, for which there is another kit": lambda body: maven(
        {
            "src/main/java/shop/Price.java": code(
                "Object total = " + body.removeprefix("return ").removesuffix(";") + ";\n"
                "return switch (total) { case Integer n when n > 0 -> n; default -> 0; };"
            )
        },
        body=body,
        properties="<maven.compiler.release>21</maven.compiler.release>",
    ),
}


@BOTH
@pytest.mark.parametrize("name", MAVEN)
async def test_a_build_of_maven_is_understood(
    check_java: CheckJava, name: str, body: str, verdict: Verdict
) -> None:
    report = await check_java(MAVEN[name](body))
    assert report.verdict is verdict, report.reason
