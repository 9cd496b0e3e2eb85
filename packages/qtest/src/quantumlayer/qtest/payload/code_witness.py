"""Sees from inside of a test function that it ran, and how it ended.

What a hook says of a test need not be so: hooks can be replaced, and a test's result changed on the
way. So the functions themselves are made to tell: while pytest prepares a test module, the body of
each test is put into a `with` block that notes how it is left. A test that was answered for by
somebody else, or whose exception was swallowed, is found out.
"""

import ast
import builtins
import hashlib
import os
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Self

from _pytest.assertion import rewrite

RETURNED, RAISED, SKIPPED = "returned", "raised", "skipped"
Function = ast.FunctionDef | ast.AsyncFunctionDef


class CodeWitness:
    """Notes how tests end. `taken()` gives, for every test that ran since it was last asked, how
    it ended the last time."""

    def __init__(self, workspace: str, skips: tuple[type[BaseException], ...]) -> None:
        """`skips`: the exceptions by which a test says that it proves nothing."""
        self.prefix = f"{workspace}{os.sep}"
        self.name = f"@{secrets.token_hex(8)}"  # no name that a program can write
        seen: dict[str, str] = {}

        class Watching:
            """One run of one test."""

            __slots__ = ("test",)

            def __init__(self, test: str) -> None:
                self.test = test

            def __enter__(self) -> Self:
                seen[self.test] = "began"
                return self

            def __exit__(
                self,
                kind: type[BaseException] | None,
                error: BaseException | None,
                _: TracebackType | None,
            ) -> None:
                outcome = SKIPPED if isinstance(error, skips) else RAISED
                seen[self.test] = RETURNED if kind is None else outcome

        def taken() -> dict[str, str]:
            found = dict(seen)
            seen.clear()
            return found

        self.taken = taken
        setattr(builtins, self.name, Watching)

    def watches(self, function: object) -> bool:
        """Whether a function, or a method, is one that tells how it is left."""
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        return self.name in getattr(code, "co_names", ())

    def attend(self, loaded: Callable[[str, str], None]) -> None:
        """Have every test module prepared that pytest loads from now on.

        `loaded` gets its path and the sha256 of what was really compiled. Bytecode is neither
        read, since anything could be in it, nor written, since it would need us.
        """
        original: Callable[..., None] = rewrite.rewrite_asserts

        def prepared(
            module: ast.Module, source: bytes, module_path: str | None = None, *rest: object
        ) -> None:
            original(module, source, module_path, *rest)
            path = str(module_path or "")
            if path.startswith(self.prefix):
                relative = path.removeprefix(self.prefix)
                loaded(relative, hashlib.sha256(source).hexdigest())
                watch_tests(module, relative, self.name)

        rewrite.rewrite_asserts = prepared  # type: ignore[assignment]  # pytest is given our rewriting
        rewrite._read_pyc = lambda *_, **__: None  # noqa: SLF001 - pytest has no other way to do without its cache
        rewrite._write_pyc = lambda *_, **__: False  # noqa: SLF001 - pytest has no other way to do without its cache


def watch_tests(module: ast.Module, path: str, name: str) -> None:
    """Put the body of each test function of a module into a `with` block of the witness."""
    for node in module.body:
        if isinstance(node, Function) and node.name.startswith("test"):
            watch(node, f"{path}::{node.name}", name)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, Function) and method.name.startswith("test"):
                    watch(method, f"{path}::{node.name}::{method.name}", name)


def watch(function: Function, test: str, name: str) -> None:
    """The same function, told on. Its docstring stays its docstring."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    kept = function.body[:1] if documented else []
    body = function.body[1:] if documented else function.body
    place = body[0] if body else first
    witness = ast.Call(ast.Name(name, ast.Load()), [ast.Constant(test)], [])
    block = ast.With([ast.withitem(witness)], body or [ast.Pass()])
    ast.copy_location(block, place)
    for node in ast.walk(witness):
        ast.copy_location(node, place)
    function.body = [*kept, ast.fix_missing_locations(block)]
