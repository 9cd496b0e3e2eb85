"""The writer of JavaScript services: what to write for each path, and the plan of all of them."""

from dataclasses import dataclass

from quantumlayer.builtin.writing.javascript_service.files import pieces
from quantumlayer.builtin.writing.javascript_service.piece import Piece
from quantumlayer.builtin.writing.javascript_service.rendering import render
from quantumlayer.builtin.writing.javascript_service.settings import environment
from quantumlayer.builtin.writing.service.model import ServiceView, service_view
from quantumlayer.builtin.writing.writer import UnknownFile
from quantumlayer.qlayer import Blueprint
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements


@dataclass(frozen=True)
class JavaScriptServiceWriter:
    """Plans and writes services on `node:http`, without dependencies."""

    def plan(self, requirements: Requirements) -> Blueprint:
        """The files of the service, and how it runs."""
        view = service_view(requirements)
        return Blueprint(
            name=requirements.name,
            kind=ApplicationKind.SERVICE,
            language=Language.JAVASCRIPT,
            framework="node:http",
            summary=requirements.summary,
            files=tuple(piece.file for piece in pieces(view)),
            environment=environment(requirements.name),
            run_command=("node", "src/server.js"),
            test_command=("node", "--test"),
            port=8000,
        )

    def write(self, requirements: Requirements, path: str) -> str:
        """The content of one planned file."""
        view = service_view(requirements)
        return render(view, _piece(view, path))


def _piece(view: ServiceView, path: str) -> Piece:
    for piece in pieces(view):
        if piece.file.path == path:
            return piece
    raise UnknownFile(f"the blueprint of {view.requirements.name!r} has no file {path!r}")


WRITER = JavaScriptServiceWriter()
