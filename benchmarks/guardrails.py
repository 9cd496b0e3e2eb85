"""Guardrail modules: what they find in public sets, what they wrongly find in code, what they cost.

    make bench NAME=guardrails                      measures
    QL_BENCH_RECORD=yes make bench NAME=guardrails  and writes the tables of docs/guardrails.md

The sets are samples kept in `benchmarks/guardrail_sets`. Ordinary code is this repository's own and
that of installed packages. A file in which something is found counts as one false alarm, whatever
it is. Time is the thread's own: modules only compute, and what else runs here is not theirs.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from time import thread_time

from benchmarks.figures import Figure, report
from benchmarks.guardrail_sets import PublicSet, public_sets
from benchmarks.guardrail_sets.page import written
from quantumlayer.router.guardrails import (
    Abuse,
    Allow,
    Category,
    Exchange,
    Journal,
    Models,
    Module,
    PersonalData,
    Pipeline,
    PromptInjection,
    Refusal,
    Secrets,
    Sizes,
    Topics,
    known_topics,
)

PAGE = Path(__file__).parents[1] / "docs/guardrails.md"
ROOT = Path(__file__).parents[1]
INSTALLED = 4_000
ROUNDS = 400
MODEL = "openai/gpt-5"
MODULES: dict[str, Module] = {
    "secrets": Secrets(),
    "personal-data": PersonalData(),
    "prompt-injection": PromptInjection(),
    "abuse": Abuse(),
    "abuse, profanity alone": Abuse(refused=frozenset({Category.PROFANITY})),
    "abuse, hate alone": Abuse(refused=frozenset({Category.HATE})),
    "topics": Topics({"software": known_topics()["software"]}),
    "models": Models(("openai/*",)),
    "sizes": Sizes(tokens=200_000),
    "journal": Journal(),
}
DETECTORS = ("secrets", "personal-data", "prompt-injection", "abuse", "abuse, profanity alone")
LOOKED_FOR = frozenset(
    {"EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "PHONE_NUMBER", "IP_ADDRESS"}
)
# Where what is looked for was put on purpose: the tests and the data of those who look for it.
PLANTED = (
    "benchmarks/guardrails.py",
    "benchmarks/guardrail_sets/",
    "packages/router/src/quantumlayer/router/guardrails/data/",
    "packages/parser/src/quantumlayer/parser/rules/data/credentials.toml",
    "tests/packages/parser/",
    "tests/packages/router/guardrails/",
    "tests/packages/qtest/registries/",
)
LOOKING = frozenset({"stdnum", "detect_secrets"})  # packages that do


def finds(module: Module, text: str) -> bool:
    """Whether the module does anything but let the text through."""
    return not isinstance(module.open().before(Exchange(MODEL, (text,))), Allow)


def share(texts: Sequence[str], found: Callable[[str], bool]) -> float:
    """In percent."""
    return 100 * sum(map(found, texts)) / len(texts)


def recall(sets: dict[str, PublicSet]) -> list[Figure]:
    """What is found of what should be, by set; and what is found of what should not."""
    figures = []
    for name, labels, module in (
        ("deepset", ("bad",), "prompt-injection"),
        ("wild", ("bad",), "prompt-injection"),
        ("extraction", ("bad",), "prompt-injection"),
        ("bipia", ("bad",), "prompt-injection"),
        ("tweets", ("hate",), "abuse"),
        ("hatecheck", ("bad",), "abuse"),
        ("hatecheck", ("bad",), "abuse, hate alone"),
        ("tweets", ("offensive",), "abuse, profanity alone"),
        ("gitleaks", ("bad",), "secrets"),
        ("secretlint", ("bad",), "secrets"),
        ("phones", ("bad",), "personal-data"),
    ):
        texts = sets[name].texts(*labels)
        figures.append(_found("Recall", module, sets[name], texts))
    figures += _spans(sets["presidio"])
    for name, labels, module in (
        ("deepset", ("good",), "prompt-injection"),
        ("notinject", ("good",), "prompt-injection"),
        ("tweets", ("neither",), "abuse"),
        ("hatecheck", ("good",), "abuse, hate alone"),
        ("presidio", ("good",), "personal-data"),
    ):
        figures.append(_found("Wrongly found", module, sets[name], sets[name].texts(*labels)))
    software = MODULES["topics"]
    on_topic = sets["humaneval"].texts("good")
    off_topic = sets["hatecheck"].texts("good") + sets["deepset"].texts("good")
    return [
        *figures,
        Figure("Refused by topics of prompts for code", share(on_topic, _by(software)), "%"),
        Figure("Refused by topics of other prompts", share(off_topic, _by(software)), "%"),
    ]


def _by(module: Module) -> Callable[[str], bool]:
    return lambda text: finds(module, text)


def _found(what: str, module: str, given: PublicSet, texts: Sequence[str]) -> Figure:
    where = f"{given.title}, {given.distribution} of distribution, {len(texts)}"
    return Figure(f"{what}, {module}: {where}", share(texts, _by(MODULES[module])), "%")


def _spans(given: PublicSet) -> list[Figure]:
    """Of each kind in presidio's texts, how many the masked text no longer shows."""
    told: dict[str, list[bool]] = {}
    for row in given.rows:
        masked = MODULES["personal-data"].open().before(Exchange(MODEL, (row["text"],)))
        shown = getattr(masked, "texts", (row["text"],))[0]
        for kind, value in row.get("spans", ()):
            told.setdefault(kind, []).append(value not in shown)
    wanted = [hidden for kind in LOOKED_FOR for hidden in told.get(kind, ())]
    everything = [hidden for seen in told.values() for hidden in seen]
    where = f"{given.title}, {given.distribution} of distribution"
    return [
        Figure(f"Recall, personal-data: {where}, {len(wanted)}", _percent(wanted), "%"),
        Figure(
            f"Recall, personal-data: all kinds of that set, names and addresses too,"
            f" {len(everything)}",
            _percent(everything),
            "%",
        ),
        *(
            Figure(f"Recall, personal-data: {kind} of that set, {len(told[kind])}",
                   _percent(told[kind]), "%")
            for kind in sorted(LOOKED_FOR & told.keys())
        ),
    ]  # fmt: skip


def _percent(hits: Sequence[bool]) -> float:
    return 100 * sum(hits) / len(hits)


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
                        share(texts, _by(mails)),
                        "% of files",
                    )
                )
            aim = 0.1 if corpus != "prompts for code" else None
            figures.append(
                Figure(
                    f"False alarms, {name}: {corpus}, {len(texts)}",
                    share(texts, _by(module)),
                    "% of files",
                    aim,
                )
            )
    return figures


def costs() -> list[Figure]:
    """Milliseconds of a module's look at a request, and of the whole pipeline."""
    figures = []
    code = "\n".join(own_code())
    for kilobytes in (2, 20):
        size = 1_000 * kilobytes
        starts = Random(kilobytes).sample(range(len(code) - size), ROUNDS)  # noqa: S311 - always the same
        texts = [code[start : start + size] for start in starts]
        for name, module in MODULES.items():
            spent = [_look(module, text) for text in texts]
            figures.append(
                Figure(
                    f"{name}: {kilobytes} KB of code, p95 of CPU time", _p95(spent[20:]), "ms", 2
                )
            )
        together = asyncio.run(_together(texts))
        figures.append(
            Figure(f"all modules: {kilobytes} KB of code, p95 of CPU time", _p95(together), "ms")
        )
    chunks = asyncio.run(_chunks(code[:100_000]))
    figures.append(
        Figure(
            "all modules: a chunk of a stream, 16 characters, p95 of CPU time", _p95(chunks), "ms"
        )
    )
    return figures


def _look(module: Module, text: str) -> float:
    begun = thread_time()
    module.open().before(Exchange(MODEL, (text,)))
    return 1000 * (thread_time() - begun)


async def _together(texts: Sequence[str]) -> list[float]:
    pipeline = _pipeline()
    spent = []
    for text in texts:
        begun = thread_time()
        await pipeline.open().before(Exchange(MODEL, (text,)))
        spent.append(1000 * (thread_time() - begun))
    return spent


async def _chunks(answer: str) -> list[float]:
    passage = _pipeline().open()
    await passage.before(
        Exchange(MODEL, ("Write a function that sends mail to ada@lovelace.org.",))
    )
    spent = []
    for start in range(0, len(answer), 16):
        begun = thread_time()
        given = await passage.on_chunk(answer[start : start + 16])
        spent.append(1000 * (thread_time() - begun))
        assert not isinstance(given, Refusal), given  # noqa: S101 - code of ours
    return spent


def _pipeline() -> Pipeline:
    return Pipeline([module for name, module in MODULES.items() if name == module.name])


def _p95(spent: Sequence[float]) -> float:
    return statistics.quantiles(spent, n=100)[94]


def main() -> int:
    """Measure, print, write; 1 when an aim is missed."""
    sets = public_sets()
    groups = [recall(sets), false_alarms(sets), costs()]
    figures = [figure for group in groups for figure in group]
    report("guardrails", figures)
    if os.environ.get("QL_BENCH_RECORD"):
        PAGE.write_text(written(PAGE.read_text("utf-8"), groups, sets), "utf-8")
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
