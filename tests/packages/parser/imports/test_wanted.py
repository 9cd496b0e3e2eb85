"""An import that leads nowhere names a package only where nothing else can be meant."""

import sys

import pytest

from quantumlayer.manifests import Ecosystem
from quantumlayer.parser import Parser, SourceText, wanted_packages

PYTHON = {
    "requirements.txt": "# This project needs the standard library alone.\n",
    "shop/__init__.py": "",
    "shop/orders.py": "class Order:\n    pass\n\n\ndef fetch() -> None:\n    pass\n",
    "tests/test_orders.py": "",
}
NODE = {"package.json": '{"name": "shop"}', "src/orders.js": "export const order = 1;\n"}


async def wanted(
    parser: Parser,
    tree: dict[str, str],
    sources: dict[str, str],
    *,
    planned: tuple[str, ...] = (),
    own: tuple[str, ...] = (),
) -> dict[str, str]:
    """Name of the package → what imports it."""
    texts = {**tree, **sources}
    files = [SourceText(path=name, content=text) for name, text in texts.items()]
    found = wanted_packages(files, await parser.analyze(files), planned=planned, own=own)
    return {one.name: f"{one.module} in {', '.join(one.paths)}" for one in found}


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("import requests", "requests"),
        ("from requests.adapters import HTTPAdapter", "requests"),
        ("import yaml", "pyyaml"),
        ("from PIL import Image", "pillow"),
        ("from bs4 import BeautifulSoup", "beautifulsoup4"),
        ("import jwt", "pyjwt"),
        ("import cv2", "opencv-python-headless"),
        ("import psycopg", "psycopg"),
        ("import typing_extensions", "typing-extensions"),
        ("from Crypto.Cipher import AES", "pycryptodome"),
    ],
)
async def test_what_everybody_knows_by_its_import_is_wanted(
    parser: Parser, statement: str, name: str
) -> None:
    assert list(await wanted(parser, PYTHON, {"shop/new.py": statement})) == [name]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import shop.orders", id="the project's own"),
        pytest.param("from oders import Order", id="its own, misspelt"),
        pytest.param("import order", id="nearly its own"),
        pytest.param("from requests import fetch", id="only names that the project defines"),
        pytest.param("import database", id="nobody knows it, whoever published it"),
        pytest.param("from schedule import every", id="known, and what modules are called"),
        pytest.param("import requets", id="a known package, misspelt"),
        pytest.param("from google.cloud import storage", id="a name that many share"),
        pytest.param("import pillow", id="a distribution, imported as something else"),
        pytest.param("import Requests", id="written as no module is"),
        pytest.param("import tomllib, sqlite3, zoneinfo", id="standard"),
        pytest.param("try:\n    import requests\nexcept ImportError:\n    pass", id="optional"),
        pytest.param("from . import requests", id="relative"),
    ],
)
async def test_what_may_be_anything_else_is_not(parser: Parser, statement: str) -> None:
    assert await wanted(parser, PYTHON, {"shop/new.py": statement}) == {}


async def test_no_module_of_any_standard_library_is_ever_a_package(parser: Parser) -> None:
    # given: what this Python has, and what those before and after it have
    gone = "asynchat asyncore cgi crypt distutils imp nntplib pipes smtpd telnetlib compression"
    names = sorted({*sys.stdlib_module_names, *gone.split(), "annotationlib"} - {"__future__"})
    statement = "\n".join(f"import {name}" for name in names)
    # then
    assert await wanted(parser, PYTHON, {"shop/new.py": statement}) == {}


async def test_a_file_that_is_still_to_be_written_is_the_projects_own(parser: Parser) -> None:
    sources = {"shop/new.py": "import requests"}
    assert await wanted(parser, PYTHON, sources, own=("shop/clients/requests.py",)) == {}


async def test_a_known_package_that_is_a_slip_from_a_module_of_the_project_is_not_wanted(
    parser: Parser,
) -> None:
    sources = {"shop/flaskr.py": "", "shop/new.py": "from flask import Flask\nimport click"}
    assert list(await wanted(parser, PYTHON, sources)) == ["click"]


async def test_a_name_of_the_plan_needs_not_be_known(parser: Parser) -> None:
    sources = {"shop/new.py": "import frobnicator, schedule"}
    planned = ("frobnicator[extra]", "schedule")
    assert await wanted(parser, PYTHON, sources, planned=planned) == {
        "frobnicator": "frobnicator in shop/new.py",
        "schedule": "schedule in shop/new.py",
    }


async def test_every_file_that_imports_a_package_is_named(parser: Parser) -> None:
    sources = {"tests/test_a.py": "import requests", "shop/b.py": "import requests.auth"}
    found = await wanted(parser, PYTHON, sources)
    assert found == {"requests": "requests in shop/b.py, tests/test_a.py"}


async def test_what_is_broken_or_read_by_tests_as_text_says_nothing(parser: Parser) -> None:
    sources = {
        "shop/broken.py": "import requests\ndef f(:\n",
        "tests/fixtures/sample.py": "import flask\n",
    }
    assert await wanted(parser, PYTHON, sources) == {}


async def test_what_is_declared_is_not_wanted_and_without_a_manifest_nothing_is(
    parser: Parser,
) -> None:
    sources = {"shop/new.py": "import requests"}
    declared = {**PYTHON, "requirements.txt": "requests==2.32.3\n"}
    assert await wanted(parser, declared, sources) == {}
    assert await wanted(parser, {}, sources) == {}


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("import express from 'express';", ["express"]),
        ("const { z } = require('zod');", ["zod"]),
        ("import { Provider } from 'react-redux/es';", ["react-redux"]),
        ("import { createSlice } from '@reduxjs/toolkit';", ["@reduxjs/toolkit"]),
        ("import fs from 'node:fs'; import path from 'path';", []),
        ("import { order } from './oders.js';", []),
        ("import { order } from 'orders';", []),
        ("import { order } from 'oders';", []),
        ("import config from 'config';", []),
        ("import x from 'expres';", []),
        ("import x from '@/parts/express';", []),
        ("import type { Request } from 'express';", []),
    ],
)
async def test_packages_of_node_are_wanted_by_their_own_name(
    parser: Parser, statement: str, names: list[str]
) -> None:
    assert list(await wanted(parser, NODE, {"src/new.ts": statement})) == names


async def test_each_package_is_told_with_its_ecosystem(parser: Parser) -> None:
    files = [
        SourceText(path=path, content=text)
        for path, text in {
            **PYTHON,
            **NODE,
            "shop/new.py": "import requests",
            "src/new.js": "import express from 'express';",
        }.items()
    ]
    found = wanted_packages(files, await parser.analyze(files))
    assert [(one.ecosystem, one.name) for one in found] == [
        (Ecosystem.NPM, "express"),
        (Ecosystem.PYPI, "requests"),
    ]
