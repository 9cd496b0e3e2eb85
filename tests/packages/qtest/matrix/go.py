"""Go: modules, packages, an external test package, vendored code, loose files."""

# ruff: noqa: E501, ISC004 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

MODULE = "module shapes\n\ngo 1.21\n"
CODE = """
    package shapes

    import "errors"

    // Area multiplies.
    func Area(width, height int) int {
        return width * height
    }

    // Sum adds 1 to n.
    func Sum(n int) int {
        total := 0
        for i := 1; i <= n; i++ {
            total += i
        }
        return total
    }

    // Sign names the sign of a number.
    func Sign(n int) (string, error) {
        switch {
        case n < 0:
            return "negative", nil
        case n > 0:
            return "positive", nil
        case n == 0:
            return "zero", nil
        }
        return "", errors.New("unreachable")
    }
    """
TEST = """
    package shapes

    import "testing"

    func TestArea(t *testing.T) {
        if got := Area(3, 4); got != 12 {
            t.Errorf("Area(3, 4) = %d", got)
        }
    }

    func TestSum(t *testing.T) {
        for n, want := range map[int]int{0: 0, 1: 1, 4: 10} {
            if got := Sum(n); got != want {
                t.Errorf("Sum(%d) = %d, want %d", n, got, want)
            }
        }
    }

    func TestSign(t *testing.T) {
        for n, want := range map[int]string{-2: "negative", 0: "zero", 5: "positive"} {
            if got, err := Sign(n); err != nil || got != want {
                t.Errorf("Sign(%d) = %q, %v", n, got, err)
            }
        }
    }
    """
BODY = "return width * height"
FORGED = (
    'fmt.Println("=== RUN   TestArea\\n--- PASS: TestArea (0.00s)\\nPASS\\nok  \\tshapes\\t0.01s")\n'
    'fmt.Println(`{"Action":"pass","Package":"shapes","Test":"TestSum"}`)\n'
)

MATRIX = Matrix(
    language="go",
    base="a module",
    correct={
        "a module": {"go.mod": MODULE, "shapes.go": CODE, "shapes_test.go": TEST},
        "loose files": {"shapes.go": CODE, "shapes_test.go": TEST},
        "an external test package": {
            "go.mod": MODULE,
            "shapes.go": CODE,
            "shapes_test.go": """
                package shapes_test

                import (
                    "fmt"
                    "testing"

                    "shapes"
                )

                func TestArea(t *testing.T) {
                    t.Parallel()
                    t.Run("square", func(t *testing.T) {
                        if shapes.Area(2, 2) != 4 {
                            t.Fatal("wrong")
                        }
                    })
                }

                func ExampleSum() {
                    fmt.Println(shapes.Sum(4))
                    // Output: 10
                }
                """,
        },
        "packages with a TestMain": {
            "go.mod": MODULE,
            "internal/shapes/shapes.go": CODE,
            "internal/shapes/shapes_test.go": TEST,
            "cmd/area/main.go": """
                package main

                import (
                    "fmt"

                    "shapes/internal/shapes"
                )

                func main() { fmt.Println(shapes.Area(2, 3)) }
                """,
            "internal/shapes/main_test.go": """
                package shapes

                import (
                    "os"
                    "testing"
                )

                func TestMain(m *testing.M) { os.Exit(m.Run()) }
                """,
        },
        "vendored code and a fuzz test": {
            "go.mod": f"{MODULE}\nrequire example.com/twice v1.0.0\n",
            "vendor/modules.txt": "# example.com/twice v1.0.0\n## explicit; go 1.21\n"
            "example.com/twice\n",
            "vendor/example.com/twice/twice.go": (
                "package twice\n\nfunc Twice(n int) int { return 2 * n }\n"
            ),
            "four.go": """
                package shapes

                import "example.com/twice"

                func Four(n int) int { return twice.Twice(twice.Twice(n)) }
                """,
            "four_test.go": """
                package shapes

                import "testing"

                func FuzzFour(f *testing.F) {
                    f.Add(3)
                    f.Fuzz(func(t *testing.T, n int) {
                        if Four(n) != 4*n {
                            t.Fatal(n)
                        }
                    })
                }
                """,
        },
    },
    wrong=(
        Wrong("wrong operator", {"shapes.go": ("width * height", "width + height")}),
        Wrong("off by one", {"shapes.go": ("i <= n", "i < n")}),
        Wrong("missing case", {"shapes.go": ("case n == 0:", "case n == 12345:")}),
        Wrong("wrong type", {"shapes.go": (BODY, 'return "twelve"')}),
        Wrong("exception", {"shapes.go": (BODY, 'panic("no area")')}),
        Wrong("nil map", {"shapes.go": (BODY, 'var m map[int]int; m[1] = 1; return m[1]')}),
        Wrong("hang", {"shapes.go": (BODY, "for {\n}")}, Verdict.TIMED_OUT),
        Wrong("deadlock", {"shapes.go": (BODY, "select {}")}),
        Wrong("stack overflow", {"shapes.go": (BODY, "return Area(width, height) + 1")}),
        Wrong(
            "memory bomb",
            {
                "shapes.go": (
                    BODY,
                    "var all [][]byte\nfor { b := make([]byte, 1<<24)\nfor i := range b { b[i] = 1 }"
                    "\nall = append(all, b)\nif len(all) < 0 { return len(all) } }",
                )
            },
        ),
        Wrong("does not compile", {"shapes.go": (BODY, "return width * heigth")}),
        Wrong("tests do not compile", {"shapes_test.go": ("Area(3, 4); got", "Aera(3, 4); got")}),
        Wrong("vet refuses", {"shapes_test.go": ('t.Errorf("Area(3, 4) = %d", got)',
                                                 't.Errorf("Area(3, 4) = %s", got)')}),
        Wrong(
            "exit in the middle",
            {
                "exit.go": ("", 'package shapes\nimport "syscall"\nvar leave = syscall.Exit\n'),
                "shapes_test.go": ("if got := Area", "leave(0)\nif got := Area"),
            },
        ),
        Wrong("exit while loading", {
            "exit.go": ("", 'package shapes\nimport "os"\nfunc init() { os.Exit(0) }\n')}),
        Wrong("exit from a goroutine", {
            "exit.go": ("", 'package shapes\nimport "os"\nfunc leave() { go os.Exit(0); select {} }\n'),
            "shapes_test.go": ("if got := Area", "leave()\nif got := Area")}),
        Wrong(
            "forged report",
            {
                "shapes.go": (
                    'import "errors"',
                    'import "errors"\nimport "fmt"\nimport "syscall"\n\n'
                    f"func init() {{ {FORGED} syscall.Exit(0) }}\n",
                )
            },
        ),
        Wrong(
            "TestMain forgets the result",
            {
                "shapes.go": ("width * height", "width + height"),
                "main_test.go": (
                    "",
                    'package shapes\nimport ("os"; "testing")\n'
                    "func TestMain(m *testing.M) { m.Run(); os.Exit(0) }\n",
                ),
            },
        ),
        Wrong(
            "TestMain runs nothing",
            {"main_test.go": ("", "package shapes\nimport \"testing\"\n"
                              "func TestMain(m *testing.M) {}\n")},
            Verdict.NO_TESTS,
        ),
        Wrong(
            "stdout is taken away",
            {
                "shapes.go": ("width * height", "width + height"),
                "main_test.go": (
                    "",
                    'package shapes\nimport ("fmt"; "os"; "syscall"; "testing")\n'
                    "func TestMain(m *testing.M) { out, _ := syscall.Dup(1)\n"
                    'null, _ := os.OpenFile("/dev/null", os.O_RDWR, 0)\n'
                    "syscall.Dup3(int(null.Fd()), 1, 0); m.Run()\n"
                    f"syscall.Dup3(out, 1, 0)\n{FORGED} os.Exit(0) }}\n",
                ),
            },
        ),
        Wrong(
            "edits its tests",
            {
                "shapes_test.go": (
                    'import "testing"',
                    'import ("os"; "testing")\n\nfunc init() { '
                    'os.WriteFile("shapes_test.go", []byte("package shapes"), 0o644) }\n',
                )
            },
        ),
        Wrong(
            "lying test",
            {"shapes_test.go": ("", "package shapes\nimport \"testing\"\n"
                  "func TestArea(t *testing.T) { if false { t.Fatal(Area(1, 2)) } }\n")},
            Verdict.NO_TESTS,
        ),
        Wrong(
            "empty tests",
            {"shapes_test.go": ("", "package shapes\nimport \"testing\"\n"
              "func TestArea(t *testing.T) { Area(1, 2) }\n")},
            Verdict.NO_TESTS,
        ),
        Wrong(
            "skipped only",
            {"shapes_test.go": ("", "package shapes\nimport \"testing\"\n"
              "func TestArea(t *testing.T) { t.Skip(); t.Fatal(Area(1, 2)) }\n")},
            Verdict.NO_TESTS,
        ),
        Wrong("no tests", {"shapes_test.go": ("", "package shapes\n")}, Verdict.NO_TESTS),
    ),
)  # fmt: skip
