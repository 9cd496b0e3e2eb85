"""What a build of Java declares, whichever tool's files say it."""

from pydantic import BaseModel, ConfigDict


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ResourceFolder(_Noun):
    """Files that are copied beside the classes; `filtered`: with properties put in.

    `includes` and `excludes` are patterns as Ant has them; `target` is a folder beside the classes.
    """

    folder: str
    target: str = ""
    filtered: bool = False
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


class Compilation(_Noun):
    """How one set of sources is compiled.

    `folders` and `files` hold the sources; paths that match `excludes` are left out. `release` is
    the Java version that is asked for, 0 where none is. `exact`: the words for it are `--release`.
    `toolchain` is the compiler's own version, where one is asked for.
    `options` are further words for the compiler; `processing` is empty, `none` or `only`.
    """

    folders: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    resources: tuple[ResourceFolder, ...] = ()
    output: str = ""
    encoding: str = ""
    release: int = 0
    toolchain: int = 0
    exact: bool = False
    options: tuple[str, ...] = ()
    processing: str = ""


class TestRun(_Noun):
    """One run of a module's tests.

    `includes` and `excludes` are regular expressions on the names of classes; `tags` and
    `without_tags` are expressions on tags. `words` are for the virtual machine. `skipped` says why
    nothing is run, empty when it is.
    """

    __test__ = False  # pytest would collect a class of this name

    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    without_tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    folder: str = ""
    skipped: str = ""


class Module(_Noun):
    """One module of a build. Paths are relative to the project; `.` is the project itself.

    `makers` are plug-ins that may make sources or resources, with where they are declared: none of
    them is run. `filters` are the properties that filtered resources are given. `processes_path`:
    whether processors of annotations are looked for among the libraries. `jars` lie in the project.
    """

    folder: str
    manifest: str
    main: Compilation = Compilation()
    tests: Compilation = Compilation()
    runs: tuple[TestRun, ...] = ()
    makers: tuple[tuple[str, str], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    processes_path: bool = True
    jars: tuple[str, ...] = ()
