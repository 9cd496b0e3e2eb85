"""Through Python packages, and through the settings of pip, uv and build backends."""

from quantumlayer.qtest import Language
from tests.packages.qtest.environments.attempts.attempt import Attempt

DATA = "requirements are read as data, and uv is told of nothing else"
NOT_STARTED = "the interpreter of an environment is never started where it is made"
UV = "uv venv -q env && uv pip install -q --python env/bin/python --no-cache "
BACKEND = """\
import pathlib
pathlib.Path("@TRACE@").write_text("built")
def get_requires_for_build_wheel(config=None): return []
def build_wheel(folder, config=None, metadata=None): raise SystemExit("built")
build_editable = build_wheel
"""


def wheel(id: str, tries: str, package: str, must: str = NOT_STARTED) -> Attempt:  # noqa: A002 - the name that callers know
    """A package of the index whose files would run."""
    return Attempt(
        id, Language.PYTHON, tries, must, {"requirements.txt": f"{package}\n"},
        f"{UV} --compile-bytecode --default-index @INDEX@ -r requirements.txt",
    )  # fmt: skip


def redirected(id: str, tries: str, files: dict[str, str], control: str) -> Attempt:  # noqa: A002 - the name that callers know
    """Settings that name another index."""
    return Attempt(id, Language.PYTHON, tries, DATA, files, control)


INSTALL_IT = f"{UV} -r requirements.txt"

ATTEMPTS = (
    wheel("wheel-pth", "run a `.pth` file when bytecode is compiled", "pth_thing"),
    wheel("wheel-sitecustomize", "run `sitecustomize` then", "site_thing"),
    wheel("wheel-data", "bring such a file as data, around the list of modules", "data_thing"),
    Attempt("sdist-backend", Language.PYTHON, "run a build backend in a source distribution",
            "only wheels are installed", {"requirements.txt": "built_thing\n"},
            f"{UV} --default-index @INDEX@ -r requirements.txt"),
    Attempt("project-backend", Language.PYTHON, "run the project's own build backend",
            "the project itself is not installed", {
                "requirements.txt": ".\n", "backend.py": BACKEND,
                "pyproject.toml": '[project]\nname = "p"\nversion = "1"\n[build-system]\n'
                                  'requires = []\nbuild-backend = "backend"\nbackend-path = ["."]',
            }, f"{UV} --offline ."),
    Attempt("setup-py", Language.PYTHON, "run the project's setup.py", "it is never run", {
                "setup.py": 'open("@TRACE@", "w").write("run")\n',
                "requirements.txt": "-e .\n",
            }, "python setup.py"),
    redirected("uv-toml", "name another index in uv.toml",
               {"requirements.txt": "plain_thing\n",
                "uv.toml": 'index-url = "@CATCHER@/simple"\n'}, INSTALL_IT),
    redirected("tool-uv-index", "name another index in `[tool.uv]`",
               {"requirements.txt": "plain_thing\n",
                "pyproject.toml": '[project]\nname = "p"\nversion = "1"\n[[tool.uv.index]]\n'
                                  'url = "@CATCHER@/simple"\ndefault = true\n'}, INSTALL_IT),
    redirected("tool-uv-find-links", "name a page of links in `[tool.uv]`",
               {"requirements.txt": "plain_thing\n",
                "pyproject.toml": '[project]\nname = "p"\nversion = "1"\n[tool.uv]\n'
                                  'find-links = ["@CATCHER@/links"]\n'}, INSTALL_IT),
    redirected("option-index", "name another index among the requirements",
               {"requirements.txt": "--index-url @CATCHER@/simple\nplain_thing\n"}, INSTALL_IT),
    redirected("option-extra-index", "add an index among the requirements",
               {"requirements.txt": "--extra-index-url @CATCHER@/simple\nplain_thing\n"},
               f"{INSTALL_IT} --default-index @INDEX@"),
    redirected("option-find-links", "add a page of links among the requirements",
               {"requirements.txt": "--find-links @CATCHER@/links\nplain_thing\n"},
               f"{INSTALL_IT} --default-index @INDEX@"),
    redirected("requirement-url", "name a wheel by its address",
               {"requirements.txt": "x @ @CATCHER@/x-1-py3-none-any.whl\n"}, INSTALL_IT),
    redirected("pip-conf", "name another index in the environment's pip.conf",
               {"requirements.txt": "conf_thing\n"},
               f"{UV} --default-index @INDEX@ -r requirements.txt; "
               "VIRTUAL_ENV=$PWD/env PIP_CONFIG_FILE=env/pip.conf python -m pip download "
               "--retries 0 absent_thing"),
    Attempt("requirements-link", Language.PYTHON, "have a file of the host read as requirements",
            "links are not followed", {"plain.py": ""},
            "uv pip compile --offline requirements.txt", {"requirements.txt": "@SECRET@"}),
    Attempt("requirements-include", Language.PYTHON, "include a file of the host", "as above",
            {"requirements.txt": "-r ../../../../../../../..@SECRET@\n"},
            "uv pip compile --offline requirements.txt"),
)  # fmt: skip
