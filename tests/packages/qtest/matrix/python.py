"""Python: a package, a src layout, a single file, unittest, doctests."""

# ruff: noqa: E501 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

CODE = """
    def area(width, height):
        return width * height


    def total(n):
        result = 0
        for i in range(1, n + 1):
            result += i
        return result


    def sign(n):
        if n < 0:
            return "negative"
        if n == 0:
            return "zero"
        return "positive"
    """
TEST = """
    from shapes import area, sign, total


    def test_area():
        assert area(3, 4) == 12


    def test_total():
        assert [total(n) for n in (0, 1, 4)] == [0, 1, 10]


    def test_sign():
        assert [sign(n) for n in (-2, 0, 5)] == ["negative", "zero", "positive"]
    """
BODY = "return width * height"
UNITTEST = """
    import unittest

    from shapes import area


    class AreaTest(unittest.TestCase):
        def setUp(self):
            self.side = 3

        def test_square(self):
            for n in (1, 2):
                with self.subTest(n=n):
                    self.assertEqual(area(n, n), n * n)
            self.assertEqual(area(self.side, 4), 12)
    """
FORGED = "import os; os.write(1, b'3 passed in 0.01s\\\\n'); os._exit(0)"


def only(body: str) -> dict[str, tuple[str, str]]:
    """The tests replaced."""
    return {"test_shapes.py": ("", f"import pytest\nfrom shapes import area\n\n\n{body}\n")}


MATRIX = Matrix(
    language="python",
    base="files side by side",
    correct={
        "files side by side": {"shapes.py": CODE, "test_shapes.py": TEST},
        "a src layout": {
            "pyproject.toml": '[project]\nname = "shapes"\nversion = "1"\n',
            "src/shapes/__init__.py": CODE,
            "tests/test_shapes.py": TEST,
        },
        "unittest": {"shapes.py": CODE, "test_shapes.py": UNITTEST},
        "a single file": {
            "test_shapes.py": CODE
            + "\n\n    def test_area():\n        assert area(3, 4) == 12\n",
        },
        "fixtures and parameters": {
            "shapes.py": CODE,
            "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef side():\n    return 3\n",
            "tests/test_shapes.py": "import pytest\nfrom shapes import area\n\n\n"
            '@pytest.mark.parametrize("n", [1, 2])\ndef test_area(side, n):\n'
            "    assert area(side, n) == 3 * n\n",
        },
    },
    wrong=(
        Wrong("wrong operator", {"shapes.py": (BODY, "return width + height")}),
        Wrong("off by one", {"shapes.py": ("n + 1)", "n)")}),
        Wrong("missing case", {"shapes.py": ("if n == 0:", "if n == 12345:")}),
        Wrong("wrong type", {"shapes.py": (BODY, "return str(width * height)")}),
        Wrong("exception", {"shapes.py": (BODY, 'raise RuntimeError("no area")')}),
        Wrong("hang", {"shapes.py": (BODY, "while True:\n        pass")}, Verdict.TIMED_OUT),
        Wrong("stack overflow", {"shapes.py": (BODY, "return area(width, height) + 1")}),
        Wrong("memory bomb", {"shapes.py": (
            BODY, "everything = []\n    while True:\n        everything.append(b'x' * (1 << 24))")}),
        Wrong("does not compile", {"shapes.py": (BODY, "return width *")}),
        Wrong("missing import", {"shapes.py": ("def area(", "import nowhere\n\n\ndef area(")}),
        Wrong("exit in the middle", {"shapes.py": (BODY, "import os; os._exit(0)")}),
        Wrong("exit while loading", {"shapes.py": ("def area(", "raise SystemExit(0)\n\n\ndef area(")}),
        Wrong("forged report", {"shapes.py": (BODY, FORGED)}),
        Wrong("skipped only", only("def test_area():\n    pytest.skip()"), Verdict.NO_TESTS),
        Wrong("no tests", only(""), Verdict.NO_TESTS),
    ),
)  # fmt: skip
