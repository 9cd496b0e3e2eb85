"""What is known of one module of a Gradle build while its files are read."""

from dataclasses import dataclass, field

from quantumlayer.manifests.java.gradle_catalog import Catalog
from quantumlayer.manifests.java.gradle_values import Computed, Reader, Value, deep
from quantumlayer.manifests.model import NotUnderstood

# Gradle's configurations as Maven's scopes; others are for something else than code and tests.
SCOPES = {
    "api": "compile", "implementation": "compile", "compile": "compile",
    "compileOnly": "provided", "compileOnlyApi": "provided", "providedCompile": "provided",
    "runtimeOnly": "runtime", "runtime": "runtime", "providedRuntime": "runtime",
    "testImplementation": "test", "testApi": "test", "testCompile": "test",
    "testCompileOnly": "test", "testRuntimeOnly": "test", "testRuntime": "test",
    "annotationProcessor": "processor", "testAnnotationProcessor": "processor",
}  # fmt: skip
EXPORTED = frozenset({"api", "compile", "compileOnlyApi"})


@dataclass(frozen=True)
class Wanted:
    """A library, with its configuration and where it is declared.

    `kind` is `library`, `module` (another module, `name` its folder), `bom` or `constraint`.
    """

    kind: str
    configuration: str
    name: str
    group: str = ""
    version: str = ""
    classifier: str = ""
    excludes: tuple[tuple[str, str], ...] = ()
    path: str = ""
    line: int = 1

    @property
    def scope(self) -> str:
        """Maven's word for the configuration."""
        return SCOPES.get(self.configuration, "")


@dataclass
class Settings:
    """How tests are run, as far as it is said."""

    includes: list[str] = field(default_factory=list)
    excludes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    without_tags: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    skipped: str = ""


@dataclass
class Draft:
    """One module: its folder and build file, and all that the files have said so far."""

    folder: str
    path: str
    values: dict[str, Value]
    catalogs: dict[str, Catalog]
    folders: dict[str, str]
    wanted: list[Wanted] = field(default_factory=list)
    jars: list[str] = field(default_factory=list)
    plugins: dict[str, tuple[str, str]] = field(default_factory=dict)
    makers: list[tuple[str, str]] = field(default_factory=list)
    encoding: str = ""
    release: dict[str, int] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    sources: dict[str, list[str]] = field(default_factory=dict)
    tests: Settings = field(default_factory=Settings)

    def look_up(self, name: str) -> Value | None:
        """What a name stands for in this module's files."""
        found = deep(self.values, name)
        if found is None:
            catalog_name, _, rest = name.partition(".")
            made = self.catalogs.get(catalog_name)
            if made is not None and rest.startswith("versions."):
                return made.versions.get(rest.removeprefix("versions."))
        return found

    def value(self, text: str, line: int) -> Value:
        """The value of an expression. Raises NotUnderstood with its place."""
        try:
            return Reader(text, self.look_up).value()
        except Computed as computed:
            raise NotUnderstood(
                f"`{str(computed)[:80]}` is computed, and build files are not run here",
                path=self.path, line=line,
            ) from computed  # fmt: skip

    def words(self, text: str, line: int) -> list[str]:
        """An expression, or several with commas between, as plain words."""
        found = self.value(f"[{text}]", line)
        flat: list[str] = []
        pending = [found]
        while pending:
            one = pending.pop(0)
            if isinstance(one, list):
                pending = [*one, *pending]
            elif isinstance(one, str):
                flat.append(one)
        return flat

    def word(self, text: str, line: int) -> str:
        """An expression as one word."""
        found = self.value(text, line)
        if not isinstance(found, str):
            raise NotUnderstood(f"`{text[:80]}` is no word", path=self.path, line=line)
        return found
