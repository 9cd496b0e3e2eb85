"""What Python projects need, from every kind of manifest."""

# ruff: noqa: E501 - manifests and programs as data

import pytest

from quantumlayer.manifests import Malformed
from tests.packages.manifests.python.conftest import Needs

PYPROJECT = '[project]\nname = "shop"\nversion = "1.2"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The standard's own tables.
        (
            'dependencies = ["a>=1"]\noptional-dependencies = {test = ["b"], docs = ["c"]}',
            ("a>=1", "b"),
        ),
        ('optional-dependencies.all = ["pytest>=8"]', ("pytest>=8",)),
        ('optional-dependencies = {dev = ["shop[extra]"], extra = ["d"]}', ("d",)),
        ('optional-dependencies = {dev = ["shop[dev]", "d"]}', ("d",)),
        ('[dependency-groups]\ndev = [{include-group = "t"}, "e"]\nt = ["f"]', ("f", "e")),
        ('[dependency-groups]\nTest_Group = ["f"]\nlint = ["g"]', ("f",)),
        # Tools beside the standard.
        ('[tool.uv]\ndev-dependencies = ["a"]', ("a",)),
        ('[tool.uv]\ndefault-groups = ["x"]\n[dependency-groups]\nx = ["a"]', ("a",)),
        ('[tool.pdm.dev-dependencies]\ntest = ["a"]\nlint = ["b"]', ("a",)),
        (('[tool.hatch.envs.default]\ndependencies = ["a"]\n[tool.hatch.envs.docs]\ndependencies'
         ' = ["b"]'), ("a",)),
        (('[tool.hatch.envs.hatch-test]\nextra-dependencies = ["a"]\nfeatures = ["x"]\n'
         '[project.optional-dependencies]\nx = ["b"]'), ("b", "a")),
        (('[tool.tox.env_run_base]\ndeps = ["a", "-r{tox_root}/t.txt"]\nextras = ["x"]\n'
         '[project.optional-dependencies]\nx = ["b"]'), ("b", "a", "listed")),
        ('[tool.tox]\nlegacy_tox_ini = "[testenv]\\ndeps = a"', ("a",)),
    ],
)  # fmt: skip
def test_pyproject_says_what_tests_need(text: str, expected: tuple[str, ...], needs: Needs) -> None:
    files = {"pyproject.toml": f"{PYPROJECT}{text}\n", "t.txt": "listed\n"}
    assert needs(files).requirements == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[tool.poetry.dependencies]\npython = "^3.9"\na = "^1.2"', ("a<2.0,>=1.2",)),
        ('[tool.poetry.dependencies]\na = "~1.2.3"\nb = "*"\nc = "1.4.*"',
         ("a<1.3.0,>=1.2.3", "b", "c==1.4.*")),
        ('[tool.poetry.dependencies]\na = {version = "^1", extras = ["x"], optional = true}', ()),
        ('[tool.poetry.dependencies]\na = {version = ">=1", extras = ["x"], python = "<3.9"}',
         ('a[x]>=1; python_version < "3.9"',)),
        (('[tool.poetry.dependencies]\na = [{version = "1", python = "<3.10"}, '
         '{version = "2", markers = "sys_platform == \'linux\'"}]'),
         ('a==1; python_version < "3.10"', "a==2; sys_platform == \"linux\"")),
        ('[tool.poetry.dev-dependencies]\npytest = "*"', ("pytest",)),
        (('[tool.poetry.group.dev.dependencies]\na = "*"\n[tool.poetry.group.docs]\noptional = true'
         '\n[tool.poetry.group.docs.dependencies]\nb = "*"'), ("a",)),
        (('[tool.poetry.group.test]\noptional = true\ninclude-groups = ["more"]\n'
         '[tool.poetry.group.test.dependencies]\na = "*"\n'
         '[tool.poetry.group.more.dependencies]\nb = "*"'), ("a", "b")),
        (('[tool.poetry.dependencies]\na = {version = "1", optional = true}\n'
         '[tool.poetry.extras]\ntest = ["a"]'), ("a==1",)),
    ],
)  # fmt: skip
def test_poetry_is_translated_to_the_standard(
    text: str, expected: tuple[str, ...], needs: Needs
) -> None:
    found = needs({"pyproject.toml": f'[tool.poetry]\nname = "x"\nversion = "1"\n{text}\n'})
    assert found.requirements == expected


SETUP_CFG = """
    [metadata]
    name = shop
    [options]
    install_requires =
        a>=1
        b; python_version < "3.9"
    tests_require = c
    [options.extras_require]
    test =
        d
        shop[fast]
    fast = file: fast.txt
    docs = e
    """


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"setup.cfg": SETUP_CFG, "fast.txt": "f\n"},
            ("a>=1", 'b; python_version < "3.9"', "c", "d", "f"),
        ),
        ({"setup.cfg": "[options]\ninstall_requires = file: a.txt", "a.txt": "a\n"}, ("a",)),
        ({"setup.py": "from setuptools import setup\nsetup(install_requires=['a', 'b'])"}, ("a", "b")),
        ({"setup.py": "import setuptools as s\nR = ['a']\ns.setup(install_requires=R + ['b'])"},
         ("a", "b")),
        ({"setup.py": "E = {'test': ['a']}\nE['all'] = E['test'] + ['b']\nE['dev'] = E['all']\n"
                      "setup(extras_require=E)"}, ("a", "b")),
        ({"setup.py": "setup(**dict(install_requires=[*['a']], tests_require=('b',)))"},
         ("a", "b")),
        ({"setup.py": "setup(install_requires=open('requirements.txt').read().splitlines())",
          "requirements.txt": "a\n"}, ("a",)),
        ({"setup.py": "def lines(n):\n    return [l.strip() for l in open(n)]\n"
                      "setup(install_requires=lines('requirements/base.in'))",
          "requirements/base.in": "a\n"}, ("a",)),
        ({"Pipfile": '[packages]\na = "*"\nb = {version = ">=1", extras = ["x"], os_name = '
                     '"== \'nt\'"}\n[dev-packages]\nc = "==2"'},
         ("a", "b[x]>=1 ; os_name == 'nt'", "c==2")),
        ({"environment.yml": "dependencies:\n- python=3.11\n- pip:\n  - a==1\n  - -r more.txt\n"},
         ("a==1",)),
        ({"tox.ini": "[testenv]\ndeps =\n    -r{toxinidir}/t.txt\n    b\n    py27: c\n    !lint: d\n"
                     "    {[base]deps}\n[base]\ndeps = e", "t.txt": "a\n"}, ("a", "b", "d", "e")),
        ({"tox.ini": "[testenv:docs]\ndeps = a\n[testenv:py3]\ndeps = b"}, ("b",)),
        ({"noxfile.py": "@nox.session\ndef tests(session):\n    session.install('a', '-r', 't.txt')\n"
                        "@nox.session\ndef docs(session):\n    session.install('z')", "t.txt": "b\n"},
         ("a", "b")),
    ],
)  # fmt: skip
def test_other_manifests_are_read(
    files: dict[str, str], expected: tuple[str, ...], needs: Needs
) -> None:
    assert needs(files).requirements == expected


@pytest.mark.parametrize(
    "call",
    [
        "setup(install_requires=os.environ['REQUIRES'].split())",
        "setup(install_requires=[line for line in compute()])",
        "setup(**arguments())",
        "R = ['a']\nif fast:\n    R.append('b')\nsetup(install_requires=R)",
    ],
)
def test_what_a_script_computes_is_told_with_its_line(call: str, needs: Needs) -> None:
    found = needs({"setup.py": f"import os\n{call}\n"})
    assert found.requirements == ()
    [shortfall] = found.shortfalls
    assert shortfall.path == "setup.py"
    assert shortfall.line == 1 + len(call.splitlines())


def test_dynamic_dependencies_come_from_their_files(needs: Needs) -> None:
    dynamic = (
        'dynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = "a.txt"}'
    )
    assert needs({"pyproject.toml": f"{PYPROJECT}{dynamic}", "a.txt": "a\n"}).requirements == ("a",)
    alone = needs({"pyproject.toml": f'{PYPROJECT}dynamic = ["dependencies"]\n'})
    assert [one.place for one in alone.shortfalls] == ["pyproject.toml:4"]


@pytest.mark.parametrize(
    "text",
    [
        "[project\n",
        '[dependency-groups]\na = [{include-group = "b"}]',
        '[dependency-groups]\na = [{include-group = "a"}]',
        '[project]\nname = "x"\ndependencies = ["=="]',
        '[tool.poetry.dependencies]\na = "^^1"',
        (
            '[project]\nname = "x"\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\n'
            'dependencies = {file = "nowhere.txt"}'
        ),
    ],
)
def test_what_the_tools_refuse_is_refused(text: str, needs: Needs) -> None:
    with pytest.raises(Malformed, match=r"pyproject\.toml"):
        needs({"pyproject.toml": text})


LIBRARY = {
    "libs/one/pyproject.toml": '[project]\nname = "one"\nversion = "3"\ndependencies = ["idna"]\n'
    '[project.optional-dependencies]\nfast = ["orjson"]\n',
    "libs/one/src/one/__init__.py": "",
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"requirements.txt": "-e ./libs/one\n"}, ("idna",)),
        ({"requirements.txt": "./libs/one[fast]\n"}, ("idna", "orjson")),
        ({"requirements/dev.txt": "-e ../libs/one\n"}, ("idna",)),
        ({"requirements.txt": "one @ file:./libs/one\n"}, ("idna",)),
        ({"pyproject.toml": '[tool.poetry.dependencies]\none = {path = "libs/one"}'}, ("idna",)),
        ({"Pipfile": '[packages]\none = {path = "./libs/one", editable = true}'}, ("idna",)),
        ({"pyproject.toml": PYPROJECT + 'dependencies = ["one[fast]"]\n[tool.uv.sources]\n'
          'one = {path = "libs/one", editable = true}'}, ("idna", "orjson")),
        ({"pyproject.toml": PYPROJECT + 'dependencies = ["one"]\n[tool.uv.sources]\n'
          'one = {workspace = true}\n[tool.uv.workspace]\nmembers = ["libs/*"]'}, ("idna",)),
    ],
)  # fmt: skip
def test_folders_of_the_project_are_put_on_the_path_with_what_they_need(
    files: dict[str, str], expected: tuple[str, ...], needs: Needs
) -> None:
    found = needs({**files, **LIBRARY})
    assert found.requirements == expected
    assert "libs/one/src" in found.folders
    assert ("one", "3") in {(each.name, each.version) for each in found.projects}


@pytest.mark.parametrize(
    "manifest",
    [
        PYPROJECT + 'dependencies = ["one"]\n[tool.uv.sources]\none = {git = "https://x.example"}',
        PYPROJECT + 'dependencies = ["one"]\n[tool.uv.sources]\none = {path = "../one"}',
        PYPROJECT + 'dependencies = ["one"]\n[tool.uv.sources]\none = {workspace = true}',
        '[tool.poetry.dependencies]\none = {git = "https://x.example/one.git", branch = "main"}',
        '[tool.poetry.dependencies]\none = {path = "../one"}',
        '[tool.poetry.dependencies]\none = {url = "https://x.example/one.whl"}',
    ],
)
def test_what_comes_from_elsewhere_is_named_with_its_line(manifest: str, needs: Needs) -> None:
    found = needs({"pyproject.toml": manifest})
    assert found.requirements == ()
    [shortfall] = found.shortfalls
    assert shortfall.provides == ("one",)
    assert shortfall.line is not None


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        ({"pyproject.toml": PYPROJECT, "src/shop/__init__.py": ""}, "src"),
        ({"setup.cfg": "[options]\npackage_dir =\n    = lib", "lib/a.py": ""}, "lib"),
        ({"setup.cfg": "[options.packages.find]\nwhere = lib", "lib/a.py": ""}, "lib"),
        ({"setup.py": "setup(packages=find_packages('lib'))", "lib/a.py": ""}, "lib"),
        ({"setup.py": "setup(package_dir={'': 'lib'})", "lib/a.py": ""}, "lib"),
        ({"pyproject.toml": '[tool.setuptools.packages.find]\nwhere = ["lib"]', "lib/a.py": ""}, "lib"),
        ({"pyproject.toml": '[tool.hatch.build.targets.wheel]\npackages = ["lib/a"]',
          "lib/a/b.py": ""}, "lib"),
        ({"pyproject.toml": '[tool.poetry]\npackages = [{include = "a", from = "lib"}]',
          "lib/a.py": ""}, "lib"),
        ({"pyproject.toml": '[tool.pdm.build]\npackage-dir = "lib"', "lib/a.py": ""}, "lib"),
    ],
)  # fmt: skip
def test_where_modules_lie_is_found(files: dict[str, str], folder: str, needs: Needs) -> None:
    assert needs(files).folders == (".", folder)


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"setup.cfg": "[metadata]\nname = a\nversion = attr: a.__version__",
          "a/__init__.py": "__version__ = '1.4'"}, "1.4"),
        ({"setup.cfg": "[metadata]\nname = a\nversion = file: VERSION", "VERSION": "2.0\n"}, "2.0"),
        ({"pyproject.toml": '[project]\nname = "a"\ndynamic = ["version"]\n[tool.hatch.version]\n'
          'path = "src/a/about.py"', "src/a/about.py": '__version__ = "3.1"\n'}, "3.1"),
        ({"pyproject.toml": '[project]\nname = "a"\ndynamic = ["version"]\n[tool.setuptools.dynamic]'
          '\nversion = {attr = "a.VERSION"}', "a.py": "VERSION = (1, 2)"}, "1.2"),
        ({"pyproject.toml": '[project]\nname = "a"\ndynamic = ["version"]\n[tool.setuptools_scm]'},
         "0.0.0"),
        ({"setup.py": "setup(name='a', version='5')"}, "5"),
        ({"pyproject.toml": '[tool.poetry]\nname = "a"\nversion = "6"'}, "6"),
    ],
)  # fmt: skip
def test_the_version_is_found_where_a_build_would(
    files: dict[str, str], version: str, needs: Needs
) -> None:
    [project] = needs(files).projects
    assert (project.name, project.version) == ("a", version)


@pytest.mark.parametrize(
    ("files", "specifier"),
    [
        ({"pyproject.toml": PYPROJECT + 'requires-python = ">=3.12"'}, ">=3.12"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"'}, ">=3.12,<4.0"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "~3.9 || ^3.12"'}, ">=3.9"),
        ({"setup.cfg": "[options]\npython_requires = >=3.12"}, ">=3.12"),
        ({"setup.py": "setup(python_requires='>=3.12')"}, ">=3.12"),
        ({"Pipfile": '[requires]\npython_version = "3.12"'}, "==3.12.*"),
        ({"environment.yml": "dependencies: ['python=3.12']"}, "==3.12.*"),
        ({"requirements.txt": "a"}, ""),
    ],
)
def test_the_python_that_is_asked_for_is_found(
    files: dict[str, str], specifier: str, needs: Needs
) -> None:
    assert needs(files).python.specifier == specifier


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": PYPROJECT + '[project.entry-points.pytest11]\nplug = "shop.plug"'},
        {"setup.cfg": "[metadata]\nname = shop\n[options.entry_points]\npytest11 =\n    plug = shop.plug"},
        {"setup.py": "setup(name='shop', entry_points={'pytest11': ['plug = shop.plug']})"},
        {"setup.py": "setup(name='shop', entry_points='''\n[pytest11]\nplug = shop.plug\n''')"},
        {"pyproject.toml": '[tool.poetry]\nname = "shop"\n[tool.poetry.plugins.pytest11]\n'
         'plug = "shop.plug"'},
    ],
)  # fmt: skip
def test_entry_points_are_found(files: dict[str, str], needs: Needs) -> None:
    [project] = needs(files).projects
    assert project.entry_points == (("pytest11", "plug", "shop.plug"),)


def test_groups_that_are_not_for_tests_are_offered(needs: Needs) -> None:
    text = PYPROJECT + 'optional-dependencies = {yaml = ["pyyaml"], test = ["b"]}\n'
    found = needs({"pyproject.toml": text})
    assert [(one.name, one.requirements) for one in found.offered] == [("yaml", ("pyyaml",))]


def test_a_project_that_asks_for_nothing_gets_nothing(needs: Needs) -> None:
    found = needs({"shop.py": "x = 1"})
    assert (found.requirements, found.shortfalls, found.folders) == ((), (), (".",))
