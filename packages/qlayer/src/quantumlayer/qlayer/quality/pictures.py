"""What was seen of pages: names for the pictures, and what a report says of them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from quantumlayer.qlayer.quality.report import DeliverySummary, PictureSummary, QualityReport

if TYPE_CHECKING:
    # Only its shape is needed here: who reads reports starts nothing.
    from quantumlayer.qtest.delivered import Climb, Picture, RungResult

_LONGEST_NAME = 40


def summarize_pictures(result: RungResult) -> tuple[PictureSummary, ...]:
    """What a report says of the pictures of a rung, in their order."""
    return tuple(
        PictureSummary(
            page=one.page,
            width=one.width,
            scheme=one.scheme,
            file=name,
            sha256=hashlib.sha256(one.png).hexdigest(),
            size=len(one.png),
        )
        for name, one in zip(_names(result), result.pictures, strict=True)
    )


def named_pictures(climb: Climb) -> dict[str, bytes]:
    """File names and contents of everything that was seen."""
    return {
        name: picture.png
        for result in climb.rungs
        for name, picture in zip(_names(result), result.pictures, strict=True)
    }


def pictures_of(delivery: DeliverySummary | None) -> Iterator[PictureSummary]:
    """Every picture of a delivery."""
    for one in delivery.rungs if delivery else ():
        yield from one.pictures


def without_digests(report: QualityReport) -> QualityReport:
    """The report as equal runs have it: what was seen, and not in which pixels."""
    delivery = report.delivery
    if delivery is None:
        return report
    rungs = tuple(
        one.model_copy(update={"pictures": tuple(
            picture.model_copy(update={"sha256": None, "size": None}) for picture in one.pictures
        )})
        for one in delivery.rungs
    )  # fmt: skip
    return report.model_copy(update={"delivery": delivery.model_copy(update={"rungs": rungs})})


def _names(result: RungResult) -> list[str]:
    """The file names of the pictures of a rung, in their order."""
    pages = list(dict.fromkeys(one.page for one in result.pictures))
    return [_name(one, pages.index(one.page) + 1) for one in result.pictures]


def _name(one: Picture, number: int) -> str:
    """A name that is safe everywhere; the page's number keeps pages of one spelling apart."""
    words = re.sub(r"[^a-z0-9]+", "-", one.page.lower()).strip("-")[:_LONGEST_NAME].strip("-")
    return f"{number:02}-{words or 'start'}-{one.width}-{one.scheme}.png"
