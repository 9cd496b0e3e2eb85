"""Where things are in a capsule, and what of it differs between two runs with equal inputs."""

MANIFEST = "capsule.json"
FOLDER = "capsule/"
REQUIREMENTS = "capsule/requirements.json"
BLUEPRINT = "capsule/blueprint.json"
QUALITY = "capsule/quality-report.json"
QUALITY_PAGE = "capsule/quality-report.html"
SBOM = "capsule/sbom.cdx.json"
VERIFIER = "capsule/verify.py"
PROVENANCE = "capsule/provenance.dsse.json"
RUN = "capsule/run.json"
PUBLIC_KEY = "capsule/public-key.pem"
PICTURES = "capsule/pictures/"

NOT_REPRODUCIBLE = (PROVENANCE, PUBLIC_KEY, RUN)
"""Who built it, when, at what cost. Everything else follows from the inputs, byte for byte.

Pictures of pages are not, either: the record of the run, which is signed, lists them.
"""
