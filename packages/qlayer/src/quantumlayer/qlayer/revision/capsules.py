"""A capsule, edited by hand or not → the base of a revision."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.capsule import layout
from quantumlayer.qlayer.capsule.banner import without_banner
from quantumlayer.qlayer.capsule.manifest import CapsuleFile, RunRecord
from quantumlayer.qlayer.capsule.reading import CapsuleRefused, manifest_of, part
from quantumlayer.qlayer.checking.errors import Refused
from quantumlayer.qlayer.paths import PathEscapesTree, confined
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.revision.base import USER, Base, HandEdits
from quantumlayer.qlayer.revision.packing import LINKED, left_out
from quantumlayer.qlayer.revision.roles import role_of_path
from quantumlayer.qlayer.revision.secrecy import is_secret
from quantumlayer.qlayer.source_tree import SourceFile, SourceTree

_EVIDENCE = "evidence"


def base_of_capsule(
    files: Mapping[str, bytes], programs: Collection[str] = (), links: Sequence[str] = ()
) -> tuple[Base, dict[str, bytes]]:
    """The base with its contents. What differs from what was signed is taken as the user's edit.

    `programs` are the files that can be run, `links` what stood beside them and is no file.
    Raises Refused where what says so is not as it was signed.
    """
    from quantumlayer.qlayer.capsule.verification import signed_problems  # noqa: PLC0415 - the signatures' libraries are loaded where they are used

    try:
        manifest = manifest_of(files)
        if problems := signed_problems(files, manifest):
            raise Refused(f"The capsule's signature does not verify: {problems[0]}.")
        requirements = part(files, layout.REQUIREMENTS, Requirements)
        blueprint = part(files, layout.BLUEPRINT, Blueprint)
        run = part(files, layout.RUN, RunRecord)
    except CapsuleRefused as error:
        raise Refused(f"It is no capsule that can be changed: {error}.") from None
    known = {one.path: one for one in manifest.files if one.role != _EVIDENCE}
    own = {path: content for path, content in files.items() if not _is_of_capsule(path)}
    secret = [path for path, content in own.items() if is_secret(path, content)]
    unfit = [path for path in own if path not in secret and not _is_confined(path)]
    brought = {path: own[path] for path in own if path not in (*secret, *unfit)}
    edits = _edits(known, brought)
    # What was put before a README says how the version before ended, and is nobody's edit.
    contents = {path: without_banner(path, content) for path, content in brought.items()}
    return (
        Base(
            name=requirements.name,
            title=requirements.title,
            summary=requirements.summary,
            kind=requirements.kind,
            language=requirements.language,
            framework=blueprint.framework,
            tree=_tree(contents, known, edits, programs),
            requirements=requirements,
            blueprint=blueprint,
            edits=edits,
            notes=(
                *left_out(links, LINKED),
                *left_out(secret, "may hold secrets"),
                *left_out(unfit, "no capsule can carry such a name"),
            ),
            run_id=run.run_id,
        ),
        contents,
    )


def _edits(known: Mapping[str, CapsuleFile], own: Mapping[str, bytes]) -> HandEdits:
    return HandEdits(
        added=tuple(sorted(own.keys() - known.keys())),
        changed=tuple(
            path for path in sorted(own.keys() & known.keys())
            if hashlib.sha256(own[path]).hexdigest() != known[path].sha256
        ),
        removed=tuple(sorted(known.keys() - own.keys())),
    )  # fmt: skip


def _tree(
    contents: Mapping[str, bytes],
    known: Mapping[str, CapsuleFile],
    edits: HandEdits,
    programs: Collection[str],
) -> SourceTree:
    files = (
        _file(path, content, known.get(path), by_hand=path in edits.paths)
        for path, content in sorted(contents.items())
    )
    return SourceTree(
        files=tuple(file.model_copy(update={"executable": file.path in programs}) for file in files)
    )


def _file(path: str, content: bytes, known: CapsuleFile | None, *, by_hand: bool) -> SourceFile:
    return SourceFile.model_validate(
        {
            "path": path,
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "role": known.role if known else role_of_path(path),
            "origin": USER if by_hand or known is None else known.origin,
            "requirements": known.requirements if known else (),
        }
    )


def _is_of_capsule(path: str) -> bool:
    return path == layout.MANIFEST or path.startswith(layout.FOLDER)


def _is_confined(path: str) -> bool:
    try:
        confined(path)
    except PathEscapesTree:
        return False
    return True
