"""What modules find in public sets: of what should be found, and of what should not."""

from collections.abc import Sequence

from benchmarks.figures import Figure
from benchmarks.guardrail_measures.modules import MODEL, MODULES, by, share
from benchmarks.guardrail_sets import PublicSet
from quantumlayer.router.guardrails import Exchange

LOOKED_FOR = frozenset(
    {"EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "PHONE_NUMBER", "IP_ADDRESS"}
)


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
        Figure("Refused by topics of prompts for code", share(on_topic, by(software)), "%"),
        Figure("Refused by topics of other prompts", share(off_topic, by(software)), "%"),
    ]


def _found(what: str, module: str, given: PublicSet, texts: Sequence[str]) -> Figure:
    where = f"{given.title}, {given.distribution} of distribution, {len(texts)}"
    return Figure(f"{what}, {module}: {where}", share(texts, by(MODULES[module])), "%")


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
