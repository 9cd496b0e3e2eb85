"""Findings as SARIF 2.1.0, the format that code hosts and editors read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from quantumlayer.parser.model import Edit, Finding, Severity
from quantumlayer.parser.rules import Rule, rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_SCORES = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.0", Severity.LOW: "2.0"}
_CWE = "https://cwe.mitre.org/data/definitions/{}.html"


def sarif(findings: Iterable[Finding], *, version: str = "0.1.0") -> dict[str, Any]:
    """A SARIF log: one run for each tool, with its rules, results, places and fixes.

    Lines and columns count from 1 in characters (`unicodeCodePoints`), ends are exclusive. Paths
    are relative to the base `SRCROOT`. Severities are levels (high: error, medium: warning, low:
    note) and, for rules with a CWE, scores that code hosts sort by.
    """
    by_tool: dict[str, list[Finding]] = {}
    for finding in findings:
        by_tool.setdefault(finding.tool, []).append(finding)
    runs = [_run(tool, found, version) for tool, found in sorted(by_tool.items())]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": runs or [_run("quantumlayer", [], version)],
    }


def _run(tool: str, findings: Sequence[Finding], version: str) -> dict[str, Any]:
    known = {rule.id: rule for rule in rules()}
    named = {finding.rule: finding for finding in reversed(findings)}
    ids = sorted(named)
    driver: dict[str, Any] = {
        "name": tool,
        "rules": [_rule(named[one], known.get(one)) for one in ids],
    }
    if tool == "quantumlayer":
        driver["semanticVersion"] = version
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the project."}}},
        "results": [_result(finding, ids.index(finding.rule)) for finding in findings],
    }


def _rule(finding: Finding, rule: Rule | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": finding.rule,
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }
    tags = []
    if rule is not None:
        row["name"] = "".join(part.capitalize() for part in rule.id.split("-"))
        row["shortDescription"] = {"text": f"{rule.title}."}
        tags.append(rule.family)
    if finding.help:
        row["help"] = {"text": finding.help, "markdown": finding.help}
    if finding.cwe is not None:
        row["helpUri"] = _CWE.format(finding.cwe)
        tags += ["security", f"external/cwe/cwe-{finding.cwe:03d}"]
        row["properties"] = {"tags": tags, "security-severity": _SCORES[finding.severity]}
    return row


def _result(finding: Finding, index: int) -> dict[str, Any]:
    artifact = _artifact(finding.path)
    place = {"startLine": finding.line, "startColumn": finding.column}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message or finding.rule},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": place}}],
    }
    if finding.fix is not None and finding.fix.edits:
        change = {
            "artifactLocation": artifact,
            "replacements": [_replacement(edit) for edit in finding.fix.edits],
        }
        text = {"text": finding.fix.description}
        result["fixes"] = [{"description": text, "artifactChanges": [change]}]
    return result


def _replacement(edit: Edit) -> Mapping[str, Any]:
    return {
        "deletedRegion": {
            "startLine": edit.line,
            "startColumn": edit.column,
            "endLine": edit.end_line,
            "endColumn": edit.end_column,
        },
        "insertedContent": {"text": edit.text},
    }


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path), "uriBaseId": "SRCROOT"}
