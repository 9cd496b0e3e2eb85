"""Which lines of a source could run."""

import pytest

from quantumlayer.qtest.runners.executable_lines import executable_lines


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.js", "// one\n/* two\n three */\nconst a = 1;\n\nrun(\n  a,\n);\n", (4, 6, 7)),
        ("a.ts", "interface A {\n  a: number;\n}\ntype B =\n  | A\n  | null;\n", ()),
        ("a.ts", "export type { A } from './a';\nimport type B from 'b';\n", ()),
        ("a.ts", "export * from './a';\nimport { b, type C } from './b';\n", (1, 2)),
        ("a.ts", "declare module 'x';\nconst a = <number>b;\n", (2,)),
        ("a.ts", "function f(a: string): void;\nfunction f(a: unknown) {\n  g(a);\n}\n", (2, 3)),
        ("a.tsx", "export const A = (p: {\n  a: number;\n}) => (\n  <p>\n    hi\n  </p>\n);\n",
         (1, 4, 6)),
        ("a.jsx", "", ()),
        ("a.d.mts", "\n\n", ()),
        ("broken.js", "const a = ;\nlet {\n", (1, 2)),
    ],
)  # fmt: skip
def test_comments_types_and_declarations_are_nothing_that_runs(
    path: str, text: str, lines: tuple[int, ...]
) -> None:
    assert executable_lines(path, text) == lines


def test_what_is_too_long_to_read_counts_by_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "quantumlayer.qtest.runners.javascript_tree._LONGEST_SECONDS", -1.0, raising=True
    )
    text = "// one\n\n" + "const a = 1;\n" * 5_000
    assert len(executable_lines("a.js", text)) == 5_001
