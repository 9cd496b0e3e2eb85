"""The quality report as a page: complete, self-contained, and safe whatever it shows."""

import re
from html import escape
from html.parser import HTMLParser

import pytest

from quantumlayer.qlayer.quality import Finding, Severity, assess, render_page
from quantumlayer.qlayer.quality.page import grouped, line_ranges, readable_size, spoken
from quantumlayer.qlayer.requirements import Language
from quantumlayer.qtest import CaseOutcome, TestReport, Verdict
from tests.support import sample_project as sample

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


class Tags(HTMLParser):
    """Collects elements and their attributes; checks that they nest."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(tests: TestReport | None, *findings: Finding) -> tuple[str, Tags]:
    report = assess(sample.partly_understood(), sample.blueprint(), sample.tree(), findings, tests)
    text = render_page(report, sample.tree())
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    return text, tags


def test_what_was_not_heeded_is_shown() -> None:
    told = "yarn.lock could not be read and was not used."
    report = sample.passed_tests().model_copy(update={"notes": (told,)})
    assert told in page(report)[1].text
    assert told not in page(sample.passed_tests())[1].text


@pytest.mark.parametrize(
    ("tests", "headline"),
    [
        (sample.passed_tests(), "Incomplete"),
        (sample.failed_tests(), "Failed"),
        (None, "Not tested"),
        (sample.report((), Verdict.TIMED_OUT), "Timed out"),
        (sample.report((), Verdict.INFRASTRUCTURE_ERROR), "Not checked"),
    ],
)
def test_the_verdict_stands_on_top_with_its_reasons(
    tests: TestReport | None, headline: str
) -> None:
    text, _ = page(tests)
    asked = sample.partly_understood()
    report = assess(asked, sample.blueprint(), sample.tree(), (), tests)
    assert f"<strong>{headline}</strong>" in text
    assert all(f"<li>{escape(reason)}</li>" in text for reason in report.reasons)


def test_a_project_that_lacks_nothing_is_passed() -> None:
    report = assess(
        sample.requirements(), sample.blueprint(), sample.tree(), (), sample.passed_tests()
    )
    assert "<strong>Passed</strong>" in render_page(report, sample.tree())


@pytest.mark.parametrize("language", Language)
def test_a_report_in_any_language_has_a_page(language: Language) -> None:
    report = assess(sample.requirements(), sample.blueprint(), sample.tree(), (), None)
    written = report.model_copy(update={"language": language})
    assert f"· {language.proper_name}</p>" in render_page(written, sample.tree())


def test_everything_known_is_on_the_page() -> None:
    found = Finding(rule="S608", severity=Severity.HIGH, path="a.py", line=4, message="m", tool="r")
    _, tags = page(sample.failed_tests(), found)
    for expected in (
        "Members can have at most 5 open loans.",
        "members can have at most 5 open loans",
        "assert 201 == 409",
        "make it pop <script>",
        "A loan is open until it has a return date.",
        "3\u20135, 9",
        "S608",
        "a.py:4",
        *sample.CONTENTS,
    ):
        assert expected in tags.text, expected


def test_nothing_is_loaded_and_nothing_runs() -> None:
    text, tags = page(sample.failed_tests())
    assert not {tag for tag, _ in tags.seen} & {"script", "link", "img", "iframe", "form"}
    for _, attributes in tags.seen:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_hostile_text_stays_text() -> None:
    hostile = sample.case(
        f"test_r2_{HOSTILE}", CaseOutcome.FAILED, message=HOSTILE, details=HOSTILE, path=HOSTILE
    )
    tests = sample.report((hostile,), Verdict.FAILED)
    requirements = sample.requirements().model_copy(update={"title": HOSTILE, "summary": HOSTILE})
    found = Finding(
        rule=HOSTILE, severity=Severity.LOW, path=HOSTILE, line=1, message=HOSTILE, tool=HOSTILE
    )
    report = assess(requirements, sample.blueprint(), sample.tree(), (found,), tests)
    text = render_page(report, sample.tree())
    assert "<script" not in text
    assert "<img" not in text
    assert "{{7*7}}" in text


def test_every_link_on_the_page_leads_somewhere() -> None:
    _, tags = page(sample.failed_tests())
    ids = {attributes["id"] for _, attributes in tags.seen if "id" in attributes}
    links = [attributes["href"] or "" for tag, attributes in tags.seen if tag == "a"]
    assert links
    assert {link.removeprefix("#") for link in links} <= ids


def test_light_dark_and_print_are_cared_for() -> None:
    text, _ = page(sample.passed_tests())
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def _colours(text: str, block: str) -> dict[str, str]:
    found = re.search(block + r"[^{]*\{\s*(?::root \{)?([^}]*)", text)
    assert found is not None
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})", found[1]))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("block", [":root", "prefers-color-scheme: dark"])
def test_text_contrasts_with_what_it_stands_on(block: str) -> None:
    colours = _colours(page(None)[0], block)
    pairs = [
        *(("ink", ground) for ground in ("page", "card", "faint", "good-bg", "bad-bg", "fair-bg")),
        *(("soft", ground) for ground in ("page", "card", "faint")),
        *((tone, f"{tone}-bg") for tone in ("good", "bad", "fair", "calm")),
        ("accent", "card"),
    ]
    for text, ground in pairs:
        light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("test_r4_members_can_have_at_most_5", "members can have at most 5"),
        ("tests/test_a.py::TestA::test_r4_r5_both_hold", "both hold"),
        ("loans > R4: members can lend", "members can lend"),
        ("test_r4", "r4"),
        ("test_r4_a_b[x::y-z > 1]", "a b"),
    ],
)
def test_a_test_is_shown_as_a_sentence(name: str, sentence: str) -> None:
    assert spoken(name) == sentence


def test_variants_of_a_test_are_one_line_with_the_worst_outcome() -> None:
    cases = (
        sample.case("test_r2_limit[4]"),
        sample.case("test_r2_limit[5]", CaseOutcome.SKIPPED, message="not today"),
        sample.case("test_r2_other"),
    )
    report = assess(
        sample.requirements(),
        sample.blueprint(),
        sample.tree(),
        (),
        sample.report(cases, Verdict.PASSED),
    )
    shown = grouped(report.requirements[1].tests)
    assert [(one.sentence, one.outcome, one.variants) for one in shown] == [
        ("limit", CaseOutcome.SKIPPED, 2),
        ("other", CaseOutcome.PASSED, 1),
    ]


def test_many_tests_of_one_requirement_are_folded() -> None:
    cases = tuple(sample.case(f"test_r2_case_{letter}") for letter in "abcdefghi")
    text, _ = page(sample.report(cases, Verdict.PASSED))
    assert "and 3 more" in text
    assert "case i" in text


def test_line_ranges_join_neighbours() -> None:
    assert line_ranges((5, 3, 4, 9)) == "3\u20135, 9"
    assert line_ranges(()) == ""


def test_sizes_are_readable() -> None:
    assert readable_size(1234) == "1,234 B"
    assert readable_size(1_234_567) == "1,234.6 kB"
