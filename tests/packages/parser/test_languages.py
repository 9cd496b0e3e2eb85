"""Languages are recognised by name, else by the first line."""

from importlib import resources

import pytest

from quantumlayer.parser import LANGUAGES, Parser, SourceText, SyntaxTier, detect_language


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("src/app.py", "python"),
        ("stubs/app.pyi", "python"),
        ("server.js", "javascript"),
        ("server.mjs", "javascript"),
        ("view.tsx", "tsx"),
        ("k8s/service.yml", "yaml"),
        ("Dockerfile", "dockerfile"),
        ("Dockerfile.worker", "dockerfile"),
        ("docker/Containerfile", "dockerfile"),
        ("dockerfile.py", "python"),
        ("README.MD", "markdown"),
    ],
)
def test_a_name_decides(path: str, language: str) -> None:
    found = detect_language(path)
    assert found is not None
    assert found.name == language


@pytest.mark.parametrize(
    ("first_line", "language"),
    [
        (b"#!/usr/bin/env python3\n", "python"),
        (b"#!/usr/bin/python3.12 -I\n", "python"),
        (b"#!/bin/sh -e\n", "bash"),
        (b"#!/usr/bin/env -S node --no-warnings\n", "javascript"),
    ],
)
def test_the_first_line_decides_where_the_name_says_nothing(
    first_line: bytes, language: str
) -> None:
    found = detect_language("bin/run", first_line)
    assert found is not None
    assert found.name == language


@pytest.mark.parametrize("content", [b"", b"#!", b"#!/usr/bin/env\n", b"#!/opt/unknown\n", b"\xff"])
def test_an_unknown_file_has_no_language(content: bytes) -> None:
    assert detect_language("data.bin", content) is None


def test_every_query_that_the_table_names_exists() -> None:
    folder = resources.files("quantumlayer.parser").joinpath("queries")
    for language in LANGUAGES.values():
        if language.query is not None:
            assert folder.joinpath(f"{language.query}.scm").is_file(), language.name


async def test_every_language_of_the_table_can_be_parsed(parser: Parser) -> None:
    suffix = {"dockerfile": "Dockerfile"}
    files = [
        SourceText(path=suffix.get(name, f"empty{''.join(row.extensions[:1])}"), content="")
        for name, row in LANGUAGES.items()
    ]
    analyses = await parser.analyze(files)
    assert [analysis.language for analysis in analyses] == list(LANGUAGES)
    assert all(analysis.syntax.tier is not SyntaxTier.STOPPED for analysis in analyses)
