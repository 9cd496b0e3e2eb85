"""The writer of JavaScript services: `node:http`, without dependencies."""

from quantumlayer.builtin.writing.javascript.files import LAYOUT
from quantumlayer.builtin.writing.javascript.rendering import render, settings
from quantumlayer.builtin.writing.service.writer import ServiceWriter
from quantumlayer.qlayer.requirements import Language

WRITER = ServiceWriter(
    language=Language.JAVASCRIPT,
    framework="node:http",
    layout=LAYOUT,
    render=render,
    settings=settings,
    run_command=lambda _: ("node", "src/server.js"),
    test_command=("node", "--test"),
)
