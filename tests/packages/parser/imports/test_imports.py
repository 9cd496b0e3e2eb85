"""Imports lead to the standard library, to the project, to a declared dependency, or nowhere."""

import os
from pathlib import Path

import pytest

from quantumlayer.parser import Parser, SourceText
from quantumlayer.parser.imports import unresolved_imports

REPOSITORY = Path(__file__).parents[4]
ROOMS = (
    "apps", "packages", "tests", "benchmarks", "evaluation", "requirements", "pyproject.toml"
)  # fmt: skip
# Of so many files one is asked about where not all are; all of them are there to be imported.
SAMPLED = 1 if os.environ.get("QL_FOREIGN") == "all" else 3
PYTHON = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "PyYAML"]\n',
    "requirements-dev.txt": "pytest\nbeautifulsoup4\ngoogle-cloud-storage\n",
    "src/shop/__init__.py": "",
    "src/shop/orders/models.py": "",
    "src/shop/plugins/one.py": "",
    "tests/conftest.py": "",
    "scripts/names.py": "",
}
NODE = {
    "package.json": '{"dependencies": {"react": "19"}, "devDependencies": {"@types/ms": "1"}}',
    "tsconfig.json": '{"compilerOptions": {"paths": {"@shop/*": ["./src/*"]}} /* yes */}',
    "src/a.ts": "",
    "src/parts/index.tsx": "",
}
GO = {
    "go.mod": "module example.org/shop\n\nrequire github.com/a/b v1.0.0\n",
    "store/store.go": "package store\n",
}


async def problems(parser: Parser, tree: dict[str, str], path: str, content: str) -> list[str]:
    files = [SourceText(path=name, content=text) for name, text in {**tree, path: content}.items()]
    analyses = await parser.analyze(files)
    found = unresolved_imports(files, analyses)
    assert {one.path for one in found} <= {path}
    return [f"{one.line}: {one.message}" for one in found]


@pytest.mark.parametrize(
    "statement",
    [
        "import os.path, sys",
        "import shop",
        "from shop.orders import models",
        "from shop.orders.models import Order",
        "from shop.plugins import one",
        "from . import orders",
        "from .orders.models import Order",
        "import fastapi",
        "from starlette.requests import Request",
        "import yaml",
        "from bs4 import BeautifulSoup",
        "from google.cloud import storage",
        "try:\n    import tomli\nexcept ImportError:\n    tomli = None",
        "try:\n    import ujson as json\nexcept ModuleNotFoundError:\n    import json",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy",
        "import sys\nif sys.version_info < (3, 11):\n    import tomli",
        '"""import nothing_at_all"""',
        "# import nothing_at_all",
    ],
)
async def test_python_imports_that_lead_somewhere(parser: Parser, statement: str) -> None:
    assert await problems(parser, PYTHON, "src/shop/app.py", f"{statement}\n") == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("import numpy", "no module numpy: neither standard, nor in the project, nor declared"),
        ("import fastapy", "did you mean fastapi?"),
        ("from shop.payments import pay", "the project has no module shop.payments"),
        ("from .payments import pay", "the project has no module src/shop/payments"),
        ("from .... import pay", "leads out of the project"),
        ("def f():\n    import numpy", "no module numpy"),
        ("try:\n    import numpy\nexcept KeyError:\n    pass", "no module numpy"),
        ("import os, numpy", "no module numpy"),
    ],
)
async def test_python_imports_that_lead_nowhere(parser: Parser, statement: str, said: str) -> None:
    (problem,) = await problems(parser, PYTHON, "src/shop/app.py", f"{statement}\n")
    assert said in problem


async def test_a_script_sees_its_neighbours_and_tests_see_their_own(parser: Parser) -> None:
    assert await problems(parser, PYTHON, "scripts/run.py", "import names\n") == []
    assert await problems(parser, PYTHON, "tests/test_a.py", "import conftest\n") == []


async def test_without_a_manifest_only_the_projects_own_modules_are_judged(parser: Parser) -> None:
    tree = {"shop/__init__.py": "", "shop/a.py": ""}
    assert await problems(parser, tree, "run.py", "import numpy\nimport shop.a\n") == []
    assert len(await problems(parser, tree, "run.py", "import shop.b\n")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        'import fs from "fs";',
        'import { test } from "node:test";',
        'import React from "react";',
        'import { jsx } from "react/jsx-runtime";',
        'import ms from "ms";',
        'import { a } from "./a";',
        'import { a } from "./a.js";',
        'export * from "./parts";',
        'import { a } from "@shop/a";',
        'import x from "@/whatever";',
        'import "./styles.css";',
        'const x = await import("./a");',
        'let z; try { z = require("zod"); } catch { z = null; }',
        'import type { Z } from "zod";',
        'const text = "import zod from zod";',
    ],
)
async def test_script_imports_that_lead_somewhere(parser: Parser, statement: str) -> None:
    assert await problems(parser, NODE, "src/app.ts", f"{statement}\n") == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('import { z } from "zod";', "no package zod"),
        ('const z = require("zod/v4");', "no package zod"),
        ('import r from "raect";', "did you mean react?"),
        ('import { b } from "./b";', "the project has no file src/b"),
        ('import { b } from "../../b";', "leads out of the project"),
        ('import { m } from "@scope/pkg/deep";', "no package @scope/pkg"),
        ('export { b } from "./b.js";', "the project has no file src/b.js"),
    ],
)
async def test_script_imports_that_lead_nowhere(parser: Parser, statement: str, said: str) -> None:
    (problem,) = await problems(parser, NODE, "src/app.ts", f"{statement}\n")
    assert said in problem


async def test_go_imports() -> None:
    from quantumlayer.parser import analyze  # noqa: PLC0415 - only this test needs it

    content = (
        'package main\n\nimport (\n\t"fmt"\n\t"net/htttp"\n\t"example.org/shop/store"\n'
        '\t"example.org/shop/pay"\n\t"github.com/a/b/c"\n\t"github.com/x/y"\n)\n'
    )
    files = [
        SourceText(path=path, content=text) for path, text in {**GO, "main.go": content}.items()
    ]
    found = unresolved_imports(files, await analyze(files))
    assert [(one.line, one.message) for one in found] == [
        (5, "Cannot be imported: Go has no package net/htttp; did you mean net/http?"),
        (7, "Cannot be imported: the project has no package pay."),
        (9, "Cannot be imported: go.mod does not require github.com/x/y."),
    ]


@pytest.mark.slow
async def test_nothing_is_said_of_this_repository(parser: Parser) -> None:
    kept = {".py", ".toml", ".txt", ".json", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".pyi"}
    hidden = {".venv", ".git", "node_modules", ".quantumlayer"}
    files = [
        SourceText(path=path.relative_to(REPOSITORY).as_posix(), content=path.read_bytes())
        for top in ROOMS
        for path in ([REPOSITORY / top] if top.endswith(".toml") else (REPOSITORY / top).rglob("*"))
        if path.suffix in kept and path.is_file() and not hidden & set(path.parts)
    ]
    assert len(files) > 500
    files.sort(key=lambda file: file.path)
    sources = [file for file in files if file.path.endswith(".py")]
    analyses = await parser.analyze(sources[::SAMPLED])
    assert unresolved_imports(files, analyses) == ()
