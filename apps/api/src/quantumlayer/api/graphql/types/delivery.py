"""What was found out of a run's software as it is delivered."""

# Strawberry types its decorators with arguments as Any.
# mypy: disable-error-code="untyped-decorator"

from typing import Any

import strawberry


@strawberry.type(description="A test of the project's own, asked of what is delivered.")
class DeliveredTest:
    """A test of the project's own, asked of what is delivered."""

    name: str
    path: str
    line: int | None
    outcome: str = strawberry.field(description="passed, failed, skipped or xfailed")
    message: str
    requirements: list[str] = strawberry.field(description="What its name says it proves.")


@strawberry.type(description="One question to the software as it is delivered.")
class Rung:
    """One question to the software as it is delivered."""

    rung: str
    outcome: str = strawberry.field(description="held, broken, unknown or skipped")
    reason: str = strawberry.field(description="What is wrong and where, or why it was skipped.")
    evidence: str = strawberry.field(description="The end of what was said meanwhile.")
    tests: list[DeliveredTest] = strawberry.field(description="The project's own that were asked.")


@strawberry.type(description="What a page showed, as a PNG.")
class Picture:
    """What a page showed, as a PNG."""

    page: str = strawberry.field(description="The path of the page.")
    width: int = strawberry.field(description="Of the screen, in pixels.")
    scheme: str = strawberry.field(description="The colours that were asked for: light or dark.")
    size: int = strawberry.field(description="In bytes.")
    sha256: str
    url: str = strawberry.field(description="Where it is, for the same credential.")


@strawberry.type(description="The software, built, started, called and stopped as delivered.")
class Delivery:
    """The software, built, started, called and stopped as delivered."""

    tier: str = strawberry.field(description="The way in which it was started.")
    notes: list[str] = strawberry.field(description="How that differs from where it will run.")
    rungs: list[Rung]
    pictures: list[Picture] = strawberry.field(description="What its pages showed.")

    @classmethod
    def of(cls, report: Any, run_url: str) -> "Delivery | None":  # noqa: ANN401 - a stored document
        """What a quality report says of it; None where nothing was started.

        `run_url` is where the run's downloads are.
        """
        found = report.get("delivery") if isinstance(report, dict) else None
        if not isinstance(found, dict):
            return None
        return cls(
            tier=found["tier"],
            notes=list(found["notes"]),
            rungs=[
                Rung(
                    rung=one["rung"],
                    outcome=one["outcome"],
                    reason=one["reason"],
                    evidence=one["evidence"],
                    tests=[_test(each) for each in one.get("tests", ())],
                )
                for one in found["rungs"]
            ],
            pictures=[
                Picture(
                    page=each["page"],
                    width=each["width"],
                    scheme=each["scheme"],
                    size=each["size"],
                    sha256=each["sha256"],
                    url=f"{run_url}/pictures/{each['sha256']}",
                )
                for one in found["rungs"]
                for each in one.get("pictures", ())
                if each.get("sha256")
            ],
        )


def _test(each: dict[str, Any]) -> DeliveredTest:
    return DeliveredTest(
        name=each["name"],
        path=each["path"],
        line=each["line"],
        outcome=each["outcome"],
        message=each["message"],
        requirements=list(each["requirements"]),
    )
