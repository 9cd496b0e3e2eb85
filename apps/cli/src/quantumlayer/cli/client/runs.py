"""What the commands ask about runs."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quantumlayer.cli.client.api import Api, Json
from quantumlayer.cli.client.errors import refused
from quantumlayer.cli.client.usage import SUMMARY, money
from quantumlayer.cli.wording import listed

_START = """mutation($input: StartGenerationInput!) {
  startGeneration(input: $input) { id status createdAt } }"""
_CANCEL = "mutation($run: ID!) { cancelRun(runId: $run) { id status } }"
_DECIDE = """mutation($run: ID!, $decision: WishDecision!) {
  decideWish(runId: $run, decision: $decision) { id status } }"""
_RUN = (
    """query($id: ID!) { run(id: $id) {
  id status verdict reason missing title prompt language model coverage mutationScore costUsd
  createdAt timeToFirstFileSeconds elapsedSeconds temporalUrl lastEvent project { slug }
  testSummary { executed passed failed errors skipped }
  files { path size role origin }
  proofs { id statement state reason }
  parent { id }
  changes { requirements { id change statement } files { path change linesAdded linesRemoved }
    editedByHand notes baseline { verdict reason failing } }
  findings { rule severity path line column message fix tool }
  capsule { sha256 size fileName verdict signer url } """
    + SUMMARY
    + " } }"
)
_LIST = """query($first: Int!, $after: String, $status: RunStatus, $project: String) {
  runs(first: $first, after: $after, status: $status, project: $project) {
    nodes {
      id status verdict reason title prompt createdAt elapsedSeconds costUsd project { slug } }
    pageInfo { hasNextPage endCursor } } }"""
_IDS = """query($after: String) { runs(first: 100, after: $after) {
  nodes { id } pageInfo { hasNextPage endCursor } } }"""
_PART_OF_ID = re.compile(r"[0-9a-f-]{4,36}")
_MOST_PAGES = 20
_STATES = {
    "proved": "proved", "tested": "only tested", "claimed": "only claimed", "failed": "failed",
    "missing": "missing",
}  # fmt: skip
_MOST_NAMED = 12
_NO_TESTS = {"executed": 0, "passed": 0, "failed": 0, "errors": 0, "skipped": 0}


@dataclass(frozen=True)
class Outcome:
    """How a run stands: the API's answer, and the words that commands use for it."""

    run: Json

    @property
    def run_id(self) -> str:
        """The run's id."""
        return str(self.run["id"])

    @property
    def created_at(self) -> datetime:
        """When the run was asked for."""
        return datetime.fromisoformat(self.run["createdAt"])

    @property
    def verdict(self) -> str:
        """The verdict; for a run without one, its status."""
        return str(self.run["verdict"] or self.run["status"])

    @property
    def passed(self) -> bool:
        """Whether the verdict is `passed`."""
        return self.verdict == "passed"

    @property
    def missing(self) -> list[str]:
        """A sentence for each thing that was asked for and is not there."""
        return list(self.run["missing"])

    @property
    def told_verdict(self) -> list[tuple[str, str]]:
        """(name, value) of the verdict with what led to it, then of what is missing."""
        reason = self.run["reason"] or ""
        for sentence in self.missing:
            reason = reason.replace(sentence, "").strip()
        lines = [("verdict", with_reason(self.run["verdict"] or "-", reason))]
        return [*lines, ("missing", "\n".join(self.missing))] if self.missing else lines

    @property
    def proofs(self) -> str:
        """How many requirements are proved, and which only tested or claimed; empty before."""
        found = self.run["proofs"]
        if not found:
            return ""
        named = {state: [one["id"] for one in found if one["state"] == state] for state in _STATES}
        proved = f"{len(named.pop('proved'))} of {len(found)} proved"
        rest = (
            f"{_STATES[state]}: {listed(ids, _MOST_NAMED)}" for state, ids in named.items() if ids
        )
        return "; ".join((proved, *rest))

    @property
    def changes(self) -> Json | None:
        """What was changed of an earlier version; None of what was made anew."""
        changes: Json | None = self.run["changes"]
        return changes

    @property
    def tests(self) -> dict[str, int]:
        """How many tests ended how."""
        return dict(self.run["testSummary"] or _NO_TESTS)

    @property
    def usage(self) -> Json | None:
        """What models were used for; None where none was asked."""
        usage: Json | None = self.run["modelUsage"]
        return usage

    @property
    def cost(self) -> str:
        """What models have cost, in words."""
        return money(self.usage["total"] if self.usage else None)

    @property
    def _is_unpriced(self) -> bool:
        return self.usage is not None and self.usage["total"]["costUsd"] is None

    @property
    def capsule(self) -> Json | None:
        """The capsule as the API describes it."""
        capsule: Json | None = self.run["capsule"]
        return capsule

    def summary(self, capsule_path: str | None) -> Json:
        """The object that `--json` prints."""
        return {
            "runId": self.run_id,
            "verdict": self.verdict,
            "reason": self.run["reason"],
            "missing": self.missing,
            "proofs": {one["id"]: one["state"] for one in self.run["proofs"]},
            **({"changes": self.changes} if self.changes else {}),
            "capsule": capsule_path,
            "tests": self.tests,
            "coverage": self.run["coverage"],
            "mutationScore": self.run["mutationScore"],
            "files": len(self.run["files"]),
            # What nobody knows the price of has not cost nothing.
            "costUsd": None if self._is_unpriced else self.run["costUsd"],
            "modelUsage": self.usage,
            "timeToFirstFileSeconds": self.run["timeToFirstFileSeconds"],
            "elapsedSeconds": self.run["elapsedSeconds"],
        }


@dataclass(frozen=True)
class Begun:
    """A run that was asked for, and when."""

    run_id: str
    created_at: datetime


def start_run(api: Api, wanted: dict[str, Any]) -> Begun:
    """The run of `wanted` (members of StartGenerationInput; None leaves one out)."""
    given = {name: value for name, value in wanted.items() if value is not None}
    # With a key of our own the request can be repeated when its answer is lost.
    given.setdefault("idempotencyKey", uuid.uuid4().hex)
    run = api.ask(_START, {"input": given})["startGeneration"]
    return Begun(str(run["id"]), datetime.fromisoformat(run["createdAt"]))


def outcome_of(api: Api, run_id: str) -> Outcome:
    """How the run stands now."""
    return Outcome(api.ask(_RUN, {"id": run_id})["run"])


def with_reason(verdict: str, reason: str | None) -> str:
    """A verdict with what led to it; a reason of several lines begins below."""
    if reason and "\n" in reason:
        return f"{verdict}\n{reason}"
    return f"{verdict} ({reason})" if reason else verdict


def decide_wish(api: Api, run_id: str, decision: str) -> None:
    """Answers what the run asks: accept, stop or not_meant."""
    api.ask(_DECIDE, {"run": run_id, "decision": decision})


def cancel_run(api: Api, run_id: str) -> Json:
    """Asks the run to stop; its id and status."""
    run: Json = api.ask(_CANCEL, {"run": run_id})["cancelRun"]
    return run


def list_runs(api: Api, *, most: int, status: str | None, project: str | None) -> list[Json]:
    """At most `most` runs, newest first."""
    runs: list[Json] = []
    after: str | None = None
    while len(runs) < most:
        variables = {
            "first": min(100, most - len(runs)),
            "after": after,
            "status": status,
            "project": project,
        }
        page = api.ask(_LIST, variables)["runs"]
        runs += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return runs


def find_run_id(api: Api, given: str) -> str:
    """The id that `given` means: a whole id, or a beginning or an end that only one run has."""
    part = given.strip().lower()
    try:
        return str(uuid.UUID(part))
    except ValueError:
        pass
    if not _PART_OF_ID.fullmatch(part):
        raise refused("NOT_FOUND", f"{given!r} is no run's id; see `quantumlayer runs list`")
    found = [one for one in _all_ids(api) if one.startswith(part) or one.endswith(part)]
    if len(found) == 1:
        return found[0]
    if found:
        raise refused(
            "BAD_INPUT",
            f"{len(found)} runs' ids begin or end with {given}; give more of it,"
            f" such as {found[0]}",
        )
    raise refused("NOT_FOUND", f"no run's id begins or ends with {given}")


def _all_ids(api: Api) -> list[str]:
    ids: list[str] = []
    after: str | None = None
    for _ in range(_MOST_PAGES):
        page = api.ask(_IDS, {"after": after})["runs"]
        ids += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    return ids
