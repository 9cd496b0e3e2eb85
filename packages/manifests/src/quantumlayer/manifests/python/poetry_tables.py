"""[tool.poetry]: dependencies, groups and extras, put into standard words by Poetry's own core."""

from collections.abc import Iterator
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.declaration import Declaration, Wanted
from quantumlayer.manifests.python.needs import PythonVersion
from quantumlayer.manifests.python.texts import (
    entry_points,
    folder_of,
    line_with,
    table,
    texts,
    within,
)

_ELSEWHERE = ("path", "file", "git", "url")
_REGISTRY_FIELDS = frozenset({
    "version", "python", "platform", "markers", "extras", "optional", "allow-prereleases",
})  # fmt: skip


def poetry(given: dict[str, Any], files: ProjectFiles, path: str, text: str) -> Declaration:
    """What [tool.poetry] of a file declares."""
    if not given:
        return Declaration(path=path)
    reading = _Tables(files, path, text)
    main = table(given.get("dependencies"))
    runtime = {name: value for name, value in main.items() if str(name).lower() != "python"}
    required = {name: value for name, value in runtime.items() if not _is_optional(value)}
    groups = {"dev": reading.requirements(table(given.get("dev-dependencies")))}
    declared = table(given.get("group"))
    for name in declared:
        found = reading.group(declared, str(name), frozenset())
        groups[str(name)] = (*groups.get(str(name), ()), *found)
    extras = {
        str(extra): reading.requirements(_named(runtime, texts(members)))
        for extra, members in table(given.get("extras")).items()
    }
    return Declaration(
        path=path,
        name=str(given.get("name", "")),
        version=str(given.get("version", "")),
        python=reading.python(main),
        runtime=reading.requirements(required),
        extras=extras,
        groups=groups,
        roots=reading.roots(given.get("packages")),
        entry_points=_entry_points(given),
    )


class _Tables:
    """Where requirements stand, while they are read."""

    def __init__(self, files: ProjectFiles, path: str, text: str) -> None:
        self.files, self.path, self.text = files, path, text
        self.folder = folder_of(path)

    def requirements(self, given: dict[str, Any]) -> tuple[Wanted, ...]:
        return tuple(
            one
            for name, value in given.items()
            for constraint in (value if isinstance(value, list) else [value])
            for one in self.requirement(str(name), constraint)
        )

    def requirement(self, name: str, constraint: object) -> Iterator[Wanted]:
        line = line_with(self.text, name)
        entry = table(constraint)
        for key in _ELSEWHERE:
            if isinstance(entry.get(key), str):
                place = within(self.folder, entry[key]) if key in ("path", "file") else None
                where = f"./{place}" if place else entry[key]
                yield Wanted(f"{name} @ {where}", self.path, line)
                return
        plain = {k: v for k, v in entry.items() if k in _REGISTRY_FIELDS} if entry else constraint
        yield Wanted(self.standard(name, plain, line), self.path, line)

    def standard(self, name: str, constraint: object, line: int | None) -> str:
        """The requirement as PEP 508 writes it."""
        from poetry.core.factory import Factory  # noqa: PLC0415 - few projects need it

        if not isinstance(constraint, str | dict):
            reason = f"`{name}` is neither a version nor a table"
            raise Malformed(reason, path=self.path, line=line)
        try:
            translated = Factory.create_dependency(name, constraint).to_pep_508(with_extras=False)
            return str(Requirement(translated))
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            reason = f"`{name}` has a version that Poetry does not know: {error}"
            raise Malformed(reason, path=self.path, line=line) from error

    def group(self, groups: dict[str, Any], name: str, above: frozenset[str]) -> tuple[Wanted, ...]:
        """The requirements of a group and of those it includes."""
        given = table(groups.get(name))
        found = self.requirements(table(given.get("dependencies")))
        for other in texts(given.get("include-groups")):
            if other not in above | {name}:
                found = (*found, *self.group(groups, other, above | {name}))
        return found

    def python(self, dependencies: dict[str, Any]) -> PythonVersion:
        """The versions of Python that are asked for."""
        asked = dependencies.get("python")
        if not isinstance(asked, str):
            return PythonVersion()
        from poetry.core.constraints.version import parse_constraint  # noqa: PLC0415 - as above

        try:
            specifier = _specifier(str(parse_constraint(asked)))
        except ValueError as error:
            line = line_with(self.text, "python")
            raise Malformed(f"`python = {asked}`: {error}", path=self.path, line=line) from error
        return PythonVersion(
            specifier=specifier, path=self.path, line=line_with(self.text, "python")
        )

    def roots(self, packages: object) -> tuple[str, ...] | None:
        """The folders that `packages` come from."""
        named = [
            str(one.get("from", "."))
            for one in (packages if isinstance(packages, list) else [])
            if isinstance(one, dict)
        ]
        places = [within(self.folder, one) for one in named]
        return tuple(dict.fromkeys(one for one in places if one is not None)) or None


def _specifier(constraint: str) -> str:
    """A constraint of Poetry as a specifier; of alternatives, the lowest bound of the first."""
    first = constraint.split("||", maxsplit=1)[0].strip()
    bounds = [part.strip() for part in first.split(",")]
    if len(first) < len(constraint):
        bounds = [one for one in bounds if one.startswith(">")]
    kept = [one if one[:1] in "<>=!~" else f"=={one}" for one in bounds if one and one != "*"]
    return ",".join(kept)


def _is_optional(value: object) -> bool:
    entries = value if isinstance(value, list) else [value]
    return any(table(one).get("optional") is True for one in entries)


def _named(dependencies: dict[str, Any], names: list[str]) -> dict[str, Any]:
    wanted = {canonicalize_name(name.partition("[")[0].partition(" ")[0]) for name in names}
    return {name: v for name, v in dependencies.items() if canonicalize_name(str(name)) in wanted}


def _entry_points(given: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    groups = {
        "console_scripts": table(given.get("scripts")),
        **{str(name): table(entries) for name, entries in table(given.get("plugins")).items()},
    }
    return entry_points(groups)
