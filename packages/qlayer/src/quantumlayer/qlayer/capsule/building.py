"""Building a capsule: everything known of a run → one signed, deterministic zip."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.capsule import layout, verifier
from quantumlayer.qlayer.capsule.archive import write_archive
from quantumlayer.qlayer.capsule.banner import with_banner
from quantumlayer.qlayer.capsule.canonical import canonical_json
from quantumlayer.qlayer.capsule.lockfile import lock_files, locked_packages
from quantumlayer.qlayer.capsule.manifest import (
    CapsuleFile,
    CapsuleManifest,
    Generator,
    PictureFile,
    RunRecord,
)
from quantumlayer.qlayer.capsule.provenance import provenance_statement, sign_statement
from quantumlayer.qlayer.capsule.sbom import build_sbom
from quantumlayer.qlayer.capsule.signing import public_key_pem
from quantumlayer.qlayer.paths import confined
from quantumlayer.qlayer.quality import QualityReport, render_page, without_digests
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.source_tree import SourceTree


@dataclass(frozen=True)
class CapsuleInputs:
    """Everything that goes into a capsule.

    `contents` holds the bytes of every file of `tree`, by path. `prompt` is hashed, not kept.
    `licences` (package → SPDX expression) adds to what is known of well-known packages. `pictures`
    are those that the report speaks of, by file name. Only they, `run` and `signing_key` bear on
    the part that differs between two runs.
    """

    requirements: Requirements
    blueprint: Blueprint
    tree: SourceTree
    contents: Mapping[str, bytes]
    quality: QualityReport
    prompt: str
    model: str
    generator_version: str
    run: RunRecord
    signing_key: Ed25519PrivateKey
    licences: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def build_capsule(inputs: CapsuleInputs) -> bytes:
    """The capsule as a zip; the same inputs give the same bytes.

    Raises ValueError when the contents are not those of the tree, and PathEscapesTree for a path
    that no capsule can carry.
    """
    project = with_banner(_project(inputs), inputs.quality)
    _refuse_unsafe_names(project)
    packages = locked_packages(project)
    quality = without_digests(inputs.quality)
    pictures = {f"{layout.PICTURES}{name}": content for name, content in inputs.pictures.items()}
    run = _with_pictures(inputs.run, pictures)
    evidence = {
        layout.REQUIREMENTS: canonical_json(inputs.requirements),
        layout.BLUEPRINT: canonical_json(inputs.blueprint),
        layout.QUALITY: canonical_json(quality),
        layout.QUALITY_PAGE: render_page(quality, inputs.tree).encode(),
        layout.SBOM: build_sbom(
            name=inputs.requirements.name,
            description=inputs.requirements.title,
            packages=packages,
            generator_version=inputs.generator_version,
            licences=inputs.licences,
        ),
        layout.VERIFIER: _verifier(),
    }
    manifest = _manifest(inputs, project, evidence)
    manifest_bytes, run_bytes = canonical_json(manifest), canonical_json(run)
    sources = (layout.REQUIREMENTS, layout.BLUEPRINT)
    statement = provenance_statement(
        manifest,
        run,
        digests={layout.MANIFEST: _sha256(manifest_bytes), layout.RUN: _sha256(run_bytes)},
        inputs={
            **{path: _sha256(evidence[path]) for path in sources},
            **{path: _sha256(project[path]) for path in lock_files(project)},
        },
        packages=packages,
    )
    return write_archive(
        {
            **project,
            **evidence,
            **pictures,
            layout.MANIFEST: manifest_bytes,
            layout.RUN: run_bytes,
            layout.PUBLIC_KEY: public_key_pem(inputs.signing_key),
            layout.PROVENANCE: sign_statement(statement, inputs.signing_key),
        },
        frozenset(file.path for file in inputs.tree.files if file.executable),
    )


def _project(inputs: CapsuleInputs) -> dict[str, bytes]:
    files = {}
    for file in inputs.tree.files:
        content = inputs.contents.get(file.path)
        if content is None:
            raise ValueError(f"the content of {file.path} was not given")
        if _sha256(content) != file.sha256 or len(content) != file.size:
            raise ValueError(f"the content of {file.path} is not that of the source tree")
        files[confined(file.path).as_posix()] = content
    return files


def _with_pictures(run: RunRecord, pictures: Mapping[str, bytes]) -> RunRecord:
    _refuse_unsafe_names(pictures)
    listed = (PictureFile(path=path, sha256=_sha256(content), size=len(content))
              for path, content in sorted(pictures.items()))  # fmt: skip
    return run.model_copy(update={"pictures": tuple(listed)})


def _refuse_unsafe_names(names: Iterable[str]) -> None:
    """What no verifier would accept is not built."""
    try:
        verifier.refuse_collisions([verifier.safe_name(name) for name in names])
    except verifier.Refused as error:
        raise ValueError(str(error)) from None


def _manifest(
    inputs: CapsuleInputs, project: Mapping[str, bytes], evidence: Mapping[str, bytes]
) -> CapsuleManifest:
    known = {file.path: file for file in inputs.tree.files}
    files = [
        CapsuleFile(
            path=path,
            sha256=_sha256(data),
            size=len(data),
            role=known[path].role.value if path in known else "documentation",
            origin=known[path].origin if path in known else "packager",
            requirements=known[path].requirements if path in known else (),
        )
        for path, data in project.items()
    ]
    files += [
        CapsuleFile(
            path=path, sha256=_sha256(data), size=len(data), role="evidence", origin="packager"
        )
        for path, data in evidence.items()
    ]
    return CapsuleManifest(
        name=inputs.requirements.name,
        title=inputs.requirements.title,
        kind=inputs.requirements.kind,
        language=inputs.requirements.language,
        verdict=inputs.quality.verdict,
        verdict_reasons=inputs.quality.reasons,
        generator=Generator(version=inputs.generator_version),
        prompt_sha256=_sha256(inputs.prompt.encode()),
        model=inputs.model,
        files=tuple(sorted(files, key=lambda file: file.path)),
        not_reproducible=layout.NOT_REPRODUCIBLE,
    )


def _verifier() -> bytes:
    return resources.files("quantumlayer.qlayer.capsule").joinpath("verifier.py").read_bytes()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
