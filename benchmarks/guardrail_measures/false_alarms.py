"""What modules find in ordinary code and prompts for code, where nothing is to be found."""

import subprocess
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from random import Random

from benchmarks.figures import Figure
from benchmarks.guardrail_measures.modules import MODULES, by, share
from benchmarks.guardrail_sets import PublicSet
from quantumlayer.router.guardrails import PersonalData

ROOT = Path(__file__).parents[2]
INSTALLED = 4_000
DETECTORS = ("secrets", "personal-data", "prompt-injection", "abuse", "abuse, profanity alone")
# Where what is looked for was put on purpose: the tests and the data of those who look for it.
PLANTED = (
    "benchmarks/guardrail_measures/",
    "benchmarks/guardrail_sets/",
    "packages/router/src/quantumlayer/router/guardrails/data/",
    "packages/parser/src/quantumlayer/parser/rules/data/credentials.toml",
    "tests/packages/parser/",
    "tests/packages/router/guardrails/",
    "tests/packages/qtest/registries/",
)
LOOKING = frozenset({"stdnum", "detect_secrets"})  # packages that do


def own_code() -> list[str]:
    """The texts of this repository, without those in which something was planted."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return _texts(ROOT / name for name in listed if not name.startswith(PLANTED))


def installed_code() -> list[str]:
    """Python of installed packages, chosen by chance but always the same."""
    found = sorted(Path(sysconfig.get_path("purelib")).rglob("*.py"))
    paths = [path for path in found if not LOOKING.intersection(path.parts)]
    Random(12).shuffle(paths)  # noqa: S311 - the same ones each time
    return _texts(paths[:INSTALLED])


def prompts(sets: dict[str, PublicSet]) -> list[str]:
    """Prompts for code: HumanEval's, and what our own agents ask models."""
    return sets["humaneval"].texts("good") + _texts(sorted(ROOT.glob("packages/agents/**/*.j2")))


def _texts(paths: Iterable[Path]) -> list[str]:
    texts = []
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if 0 < len(text) < 200_000:
            texts.append(text)
    return texts


def false_alarms(sets: dict[str, PublicSet]) -> list[Figure]:
    """Files and prompts in which a module finds what is not there."""
    figures = []
    corpora = {
        "files of this repository": own_code(),
        "files of installed packages": installed_code(),
        "prompts for code": prompts(sets),
    }
    for name in DETECTORS:
        module = MODULES[name]
        for corpus, texts in corpora.items():
            if name == "personal-data" and corpus == "files of installed packages":
                # Their authors' addresses are personal data: found rightly, and counted apart.
                mails = PersonalData(kinds={"EMAIL"})
                module = PersonalData(kinds={"CARD", "IBAN", "ID", "IP", "PHONE"})
                figures.append(
                    Figure(
                        f"E-mail addresses, {name}: {corpus}, {len(texts)}",
                        share(texts, by(mails)),
                        "% of files",
                    )
                )
            aim = 0.1 if corpus != "prompts for code" else None
            figures.append(
                Figure(
                    f"False alarms, {name}: {corpus}, {len(texts)}",
                    share(texts, by(module)),
                    "% of files",
                    aim,
                )
            )
    return figures
