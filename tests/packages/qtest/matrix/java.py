"""Java: Maven's folders, Gradle's, no build file, packages side by side, parameterized tests."""

# ruff: noqa: E501, ISC004 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

POM = """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>shapes</groupId><artifactId>shapes</artifactId><version>1</version>
      <properties><junit.version>5.10.2</junit.version></properties>
      <dependencies>
        <dependency>
          <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
          <version>${junit.version}</version><scope>test</scope>
        </dependency>
      </dependencies>
    </project>
    """
CODE = """
    package shapes;

    public final class Shapes {
        public static int area(int width, int height) {
            return width * height;
        }

        public static int sum(int n) {
            int total = 0;
            for (int i = 1; i <= n; i++) {
                total += i;
            }
            return total;
        }

        public static String sign(int n) {
            if (n < 0) return "negative";
            if (n == 0) return "zero";
            return "positive";
        }
    }
    """
TEST = """
    package shapes;

    import static org.junit.jupiter.api.Assertions.assertEquals;

    import org.junit.jupiter.api.Test;

    class ShapesTest {
        @Test
        void multiplies() {
            assertEquals(12, Shapes.area(3, 4));
        }

        @Test
        void addsUp() {
            assertEquals(0, Shapes.sum(0));
            assertEquals(10, Shapes.sum(4));
        }

        @Test
        void namesSigns() {
            assertEquals("negative", Shapes.sign(-2));
            assertEquals("zero", Shapes.sign(0));
            assertEquals("positive", Shapes.sign(5));
        }
    }
    """
SOURCE, TESTED = "src/main/java/shapes/Shapes.java", "src/test/java/shapes/ShapesTest.java"
BODY = "return width * height;"
FORGED = (
    'System.out.println("[         3 tests successful      ]\\n[         0 tests failed   ]\\n'
    'Tests run: 3, Failures: 0, Errors: 0, Skipped: 0\\nBUILD SUCCESS");'
)


def only(body: str, annotation: str = "") -> dict[str, tuple[str, str]]:
    """The tests replaced by a single one."""
    test = (
        "package shapes;\nimport static org.junit.jupiter.api.Assertions.*;\n"
        "import org.junit.jupiter.api.*;\n"
        f"class ShapesTest {{ {annotation} @Test void one() {{ {body} }} }}\n"
    )
    return {TESTED: ("", test)}


MATRIX = Matrix(
    language="java",
    base="Maven's folders",
    correct={
        "Maven's folders": {"pom.xml": POM, SOURCE: CODE, TESTED: TEST},
        "Gradle's folders": {
            "build.gradle": "plugins { id 'java' }\ndependencies {\n"
            "  testImplementation 'org.junit.jupiter:junit-jupiter:5.10.2'\n}\n"
            "test { useJUnitPlatform() }\n",
            SOURCE: CODE, TESTED: TEST,
        },
        "no build file": {"shapes/Shapes.java": CODE, "shapes/ShapesTest.java": TEST},
        "a single file": {
            "TestShapes.java": """
                import static org.junit.jupiter.api.Assertions.assertTrue;
                import org.junit.jupiter.api.Test;

                public class TestShapes {
                    static int twice(int n) { return 2 * n; }

                    @Test
                    public void doubles() { assertTrue(twice(4) == 8); }
                }
                """,
        },
        "nested and parameterized": {
            "pom.xml": POM, SOURCE: CODE,
            "src/main/resources/names.txt": "circle\n",
            TESTED: """
                package shapes;

                import static org.junit.jupiter.api.Assertions.*;

                import org.junit.jupiter.api.*;
                import org.junit.jupiter.params.ParameterizedTest;
                import org.junit.jupiter.params.provider.CsvSource;

                class ShapesTest {
                    @ParameterizedTest
                    @CsvSource({"1, 1", "4, 10"})
                    void addsUp(int n, int total) { assertEquals(total, Shapes.sum(n)); }

                    @Nested
                    class Resources {
                        @Test
                        @DisplayName("names of shapes are there")
                        void read() throws Exception {
                            try (var in = Shapes.class.getResourceAsStream("/names.txt")) {
                                assertEquals("circle\\n", new String(in.readAllBytes()));
                            }
                        }
                    }

                    @Test
                    void throwsOnDivision() {
                        assertThrows(ArithmeticException.class, () -> Shapes.area(1, 1 / Shapes.sum(0)));
                    }
                }
                """,
        },
    },
    wrong=(
        Wrong("wrong operator", {SOURCE: (BODY, "return width + height;")}),
        Wrong("off by one", {SOURCE: ("i <= n", "i < n")}),
        Wrong("missing case", {SOURCE: ('if (n == 0) return "zero";', "")}),
        Wrong("wrong type", {SOURCE: (BODY, 'return "twelve";')}),
        Wrong("exception", {SOURCE: (BODY, 'throw new IllegalStateException("no area");')}),
        Wrong("null pointer", {SOURCE: (BODY, "String s = null; return s.length();")}),
        Wrong("hang", {SOURCE: (BODY, "while (width > 0) { } return 0;")}, Verdict.TIMED_OUT),
        Wrong("stack overflow", {SOURCE: (BODY, "return area(width, height) + 1;")}),
        Wrong("memory bomb", {SOURCE: (
            BODY, "var all = new java.util.ArrayList<byte[]>(); "
                  "while (width > 0) { all.add(new byte[1 << 24]); } return 0;")}),
        Wrong("does not compile", {SOURCE: (BODY, "return width * heigth;")}),
        Wrong("tests do not compile", {TESTED: ("Shapes.area(3", "Shapes.aera(3")}),
        Wrong("exit in the middle", {SOURCE: (BODY, "System.exit(0); return 0;")}),
        Wrong("halt", {SOURCE: (BODY, "Runtime.getRuntime().halt(0); return 0;")}),
        Wrong("exit while loading", {SOURCE: (
            "public final class Shapes {",
            "public final class Shapes {\n static { System.exit(0); }\n")}),
        Wrong("exit from a thread", {SOURCE: (
            BODY, "new Thread(() -> System.exit(0)).start(); while (true) { }")}),
        Wrong("forged report", {SOURCE: (BODY, f"{FORGED} System.exit(0); return 0;")}),
        Wrong("report written by a hook", {SOURCE: (
            BODY, "Runtime.getRuntime().addShutdownHook(new Thread(() -> { try { "
            "var place = java.nio.file.Path.of(\"target/surefire-reports/TEST-shapes.xml\"); "
            "java.nio.file.Files.createDirectories(place.getParent()); "
            "java.nio.file.Files.writeString(place, \"<testsuite tests='3' failures='0'/>\"); "
            "} catch (Exception e) { } })); System.exit(0); return 0;")}),
        Wrong("edits its tests", {TESTED: (
            "void multiplies() {", "void multiplies() throws Exception {\n"
            f'java.nio.file.Files.writeString(java.nio.file.Path.of("{TESTED}"), "");\n')}),
        Wrong("lying test", only("Shapes.area(1, 2); assertTrue(true);"), Verdict.NO_TESTS),
        Wrong("empty tests", only("Shapes.area(1, 2);"), Verdict.NO_TESTS),
        Wrong("skipped only", only("assertEquals(1, Shapes.area(1, 2));", "@Disabled"),
              Verdict.NO_TESTS),
        Wrong("assumption never holds", only(
            "Assumptions.assumeTrue(Shapes.sum(1) == 2); fail();"), Verdict.NO_TESTS),
        Wrong("a main program is no test", {TESTED: (
            "", "package shapes;\npublic class ShapesTest { public static void main(String[] w) "
            '{ if (Shapes.area(3, 4) != 12) throw new AssertionError(); } }\n')}, Verdict.NO_TESTS),
    ),
)  # fmt: skip
