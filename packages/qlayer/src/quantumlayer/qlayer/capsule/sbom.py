"""The bill of materials: CycloneDX 1.6, the same for the same lock, without times or chance."""

import json
import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion

from quantumlayer.qlayer.capsule.canonical import canonical_json
from quantumlayer.qlayer.capsule.lockfile import LockedPackage
from quantumlayer.qtest import iri_grammar_later

if TYPE_CHECKING:
    # Imported where it is used.
    from cyclonedx.validation.json import JsonStrictValidator

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:quantumlayer:capsule:sbom")
_ALGORITHMS = {
    "sha1": HashAlgorithm.SHA_1,
    "sha256": HashAlgorithm.SHA_256,
    "sha384": HashAlgorithm.SHA_384,
    "sha512": HashAlgorithm.SHA_512,
}


def build_sbom(
    *,
    name: str,
    description: str,
    packages: Sequence[LockedPackage],
    generator_version: str,
    licences: Mapping[str, str] | None = None,
) -> bytes:
    """The application and everything that runs with it.

    A component's hashes are those of every file that its lock allows. `licences` (package →
    SPDX expression) adds to the well-known ones; a package without either has none.
    """
    known = {**_well_known(), **(licences or {})}
    application = Component(
        type=ComponentType.APPLICATION,
        name=name,
        description=description or None,
        bom_ref=f"application:{name}",
    )
    generator = Component(
        type=ComponentType.APPLICATION,
        name="quantumlayer",
        version=generator_version,
        bom_ref="generator:quantumlayer",
    )
    bom = Bom(metadata=BomMetaData(component=application))
    bom.metadata.tools.components.add(generator)
    components = [_component(package, known.get(package.name)) for package in packages]
    for component in components:
        bom.components.add(component)
    bom.register_dependency(application, components)
    document: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    # The library adds the time of day and a random serial; neither belongs to the content.
    document["metadata"].pop("timestamp", None)
    document.pop("serialNumber", None)
    serial = uuid.uuid5(_NAMESPACE, canonical_json(document).decode())
    return canonical_json(dict(sorted({**document, "serialNumber": serial.urn}.items())))


@cache
def sbom_schema() -> "JsonStrictValidator":
    """What checks a bill of materials."""
    with iri_grammar_later():
        from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415 - loaded where it is used

    return JsonStrictValidator(SchemaVersion.V1_6)


def sbom_problems(data: bytes, packages: Sequence[LockedPackage]) -> tuple[str, ...]:
    """What is wrong with a bill of materials: its schema, or that it is not that of the lock."""
    try:
        text = data.decode()
        document = json.loads(text)
        if not isinstance(document, dict):
            return ("the bill of materials is not a JSON object",)
        error = sbom_schema().validate_str(text)
        if error is not None:
            reason = str(error).split("\n", 1)[0][:200]
            return (f"the bill of materials is not CycloneDX 1.6: {reason}",)
        listed = {(one.get("purl"), _digests(one)) for one in document.get("components", [])}
    except (ValueError, RecursionError, KeyError, TypeError):
        return ("the bill of materials cannot be read",)
    locked = {
        (one.purl.to_string(), frozenset(d for a, d in one.hashes if a in _ALGORITHMS))
        for one in packages
    }
    if listed != locked:
        differing = sorted({str(purl) for purl, _ in listed ^ locked})[:5]
        return (f"the bill of materials and the lock differ: {', '.join(differing)}",)
    return ()


def _digests(component: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(one["content"] for one in component.get("hashes", []))


def _component(package: LockedPackage, licence: str | None) -> Component:
    purl = package.purl
    stated = licence and LicenseFactory().make_from_string(
        licence, license_acknowledgement=LicenseAcknowledgement.DECLARED
    )
    return Component(
        type=ComponentType.LIBRARY,
        group=purl.namespace,
        name=purl.name,
        version=package.version or None,
        purl=purl,
        bom_ref=purl.to_string(),
        hashes=[
            HashType(alg=_ALGORITHMS[algorithm], content=digest)
            for algorithm, digest in package.hashes
            if algorithm in _ALGORITHMS
        ],
        licenses=[stated] if stated else [],
    )


@cache
def _well_known() -> Mapping[str, str]:
    text = resources.files("quantumlayer.qlayer.capsule").joinpath("licences.json").read_text()
    table: dict[str, str] = json.loads(text)
    return table
