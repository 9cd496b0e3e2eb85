"""Sources are read in the encoding that they, or their project, declare; names stay readable."""

import pytest

from quantumlayer.parser import Parser, SourceText
from quantumlayer.parser.decoding import as_utf8, declared_inside


@pytest.mark.parametrize(
    ("path", "text", "encoding", "declared"),
    [
        ("a.py", "# -*- coding: latin-1 -*-\ndef größe(): return 'é'\n", "latin-1", None),
        (
            "a.py",
            "#!/usr/bin/env python\n# vim: set fileencoding=cp1250 :\nůx = 'ř'\n",
            "cp1250",
            None,
        ),
        ("a.py", "# coding: gbk\n名字 = '值'\n", "gbk", None),
        ("a.py", "# coding=euc-jp\n名前 = 1\n", "euc-jp", None),
        ("a.rb", "# encoding: iso-8859-1\ndef größe; end\n", "iso-8859-1", None),
        ("Brot.java", "class Brot { void brötchen() {} }\n", "latin-1", None),
        ("Brot.java", "class Brot { void chléb() {} }\n", "cp1250", "windows-1250"),
        (
            "a.c",
            "/* -*- coding: iso-8859-2 -*- */\nint řada(void) { return 1; }\n",
            "iso-8859-2",
            None,
        ),
        ("a.html", '<meta charset="iso-8859-1"><h1>Größe</h1>\n', "latin-1", None),
        (
            "a.html",
            '<meta http-equiv="a" content="text/html; charset=cp1251"><p>да</p>\n',
            "cp1251",
            None,
        ),
        ("a.xml", '<?xml version="1.0" encoding="ISO-8859-1"?><größe/>\n', "latin-1", None),
        ("a.css", '@charset "iso-8859-1";\n.größe { color: red }\n', "latin-1", None),
        ("a.ps1", "function Größe { 1 }\n", "utf-16", None),
        ("a.json", '{"größe": 1}\n', "utf-16", None),
        ("a.yaml", "größe: 1\n", "utf-16", None),
        ("a.go", "package a\n\nfunc größe() {}\n", "utf-8", "latin-1-is-no-encoding"),
    ],
)
async def test_a_source_in_its_encoding_is_well_formed_and_readable(
    parser: Parser, path: str, text: str, encoding: str, declared: str | None
) -> None:
    file = SourceText(path=path, content=text.encode(encoding), encoding=declared)
    assert file.utf8.decode().lstrip("\ufeff") == text
    (analysis,) = await parser.analyze([file])
    assert analysis.syntax.problems == ()
    assert "\ufffd" not in analysis.model_dump_json()


async def test_symbols_and_excerpts_show_what_is_written(parser: Parser) -> None:
    text = "# coding: latin-1\ndef größe():\n    é = (\n"
    (analysis,) = await parser.analyze([SourceText(path="a.py", content=text.encode("latin-1"))])
    (error,) = analysis.syntax.errors
    assert (error.line, error.excerpt.split("\n")[0]) == (3, "    3 |     é = (")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("x = 'é'\n", "latin-1"), ("# coding: utf-8\nx = 'é'\n", "latin-1"), ("x = 1\n", "utf-16")],
)
async def test_what_python_itself_cannot_decode_is_an_error(
    parser: Parser, text: str, encoding: str
) -> None:
    (analysis,) = await parser.analyze([SourceText(path="a.py", content=text.encode(encoding))])
    assert analysis.syntax.errors


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"# coding: latin-1\n", "latin-1"),
        (b"x = 1\n# coding: latin-1\n", "latin-1"),
        (b"x = 1\ny = 2\n# coding: latin-1\n", None),
        (b"coding = 'latin-1'\n", None),
        (b"decoding: base64\n", None),
        (b"<html><head><title>charset=x</title>", None),
    ],
)
def test_a_declaration_stands_where_tools_look_for_it(data: bytes, name: str | None) -> None:
    assert declared_inside(data) == name


@pytest.mark.parametrize("name", ["nonsense", "base64", "unicode_escape", "rot13", "idna", "\0"])
def test_what_is_no_encoding_of_sources_is_passed_over(name: str) -> None:
    data = f"# coding: {name}\né".encode("latin-1")
    assert as_utf8(data, name).decode().endswith("é")


def test_line_ends_stay_where_they_are_and_every_byte_is_a_character() -> None:
    data = bytes(range(1, 256))
    assert as_utf8(data).count(b"\n") == 1
    assert len(as_utf8(data).decode()) == 255
