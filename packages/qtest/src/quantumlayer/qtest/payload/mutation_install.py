"""Putting a mutation into a process: into modules that are still to load, or into loaded ones."""

import ast
import gc
import inspect
import io
import os
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

Job = dict[str, Any]
Functions = dict[tuple[str, str, int], list[FunctionType]]


def sources(job: Job) -> tuple[str, bytes, bytes]:
    """The absolute path of the module, and its text without and with the change.

    The places of a job count in UTF-8, whatever the module is written in.
    """
    path = os.path.abspath(job["path"])  # noqa: PTH100 - as the interpreter spells it
    before = Path(path).read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(before).readline)
    text = before.decode(encoding).encode()
    after = text[: job["start"]] + job["replacement"].encode() + text[job["end"] :]
    return path, before, after.decode().encode(encoding)


def put_in_place_of_loading(job: Job) -> None:
    """From now on the module loads with the change."""
    path, _, after = sources(job)
    loader: Any = SourceFileLoader
    original = loader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if os.path.abspath(self.path) == path:  # noqa: PTH100 - a plain word is compared
            changed: CodeType = compile(after, path, "exec", dont_inherit=True)
            return changed
        unchanged: CodeType | None = original(self, fullname)
        return unchanged

    loader.get_code = get_code


def functions_of(workspace: str) -> Functions:
    """Every function of the project that exists, by where it was written."""
    found: Functions = defaultdict(list)
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(workspace):
            found[written(thing.__code__)].append(thing)
    return found


def written(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def exchange(job: Job, functions: Functions) -> bool:
    """Make the change in the loaded module; False when that is not possible."""
    path, before, after = sources(job)
    module = loaded_module(path)
    if module is None:
        return True  # it is still to load, and will load with the change
    if job["place"] == "constant":
        return bind_again(module, path, after, int(job["line"]))
    old = compile(before, path, "exec", dont_inherit=True)
    new = compile(after, path, "exec", dont_inherit=True)
    exchanged = 0
    for was, becomes in differing(old, new):
        for function in functions.get(written(was), ()):
            try:
                function.__code__ = becomes
            except ValueError:  # it closes over other names now
                return False
            exchanged += 1
    return exchanged > 0


def differing(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The functions, inner ones included, whose code is not the same any more."""
    inner = zip(code_in(old), code_in(new), strict=False)
    for was, becomes in inner:
        if was != becomes:
            if was.co_flags & inspect.CO_NEWLOCALS and was.co_flags & inspect.CO_OPTIMIZED:
                yield was, becomes
            yield from differing(was, becomes)


def code_in(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def bind_again(module: ModuleType, path: str, after: bytes, line: int) -> bool:
    """Run the one changed statement of a module again."""
    for node in ast.parse(after).body:  # noqa: TID251 - alone, in the process of a test run
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            code = compile(ast.Module([node], []), path, "exec", dont_inherit=True)
            exec(code, module.__dict__)  # noqa: S102 - that is what a mutation is
            return True
    return False


def loaded_module(path: str) -> ModuleType | None:
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == path:
            return module
    return None
