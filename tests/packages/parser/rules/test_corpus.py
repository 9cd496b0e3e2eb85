"""Recall and false alarms on a corpus in the styles that real code has."""

from tests.support.rule_corpus import Snippet, findings, snippets

LEAST_RECALL = 0.95
MOST_FALSE_ALARMS = 0.02


def test_the_corpus_is_large_enough_to_say_something() -> None:
    assert len(list(snippets())) >= 200


def test_what_is_vulnerable_is_found() -> None:
    missed = [one.name for one in snippets() if one.vulnerable and one.rule not in _rules(one)]
    total = sum(one.vulnerable for one in snippets())
    assert len(missed) <= total * (1 - LEAST_RECALL), missed


def test_what_is_safe_is_left_alone() -> None:
    alarms = {
        one.name: found for one in snippets() if not one.vulnerable and (found := _rules(one))
    }
    total = sum(not one.vulnerable for one in snippets())
    assert len(alarms) <= total * MOST_FALSE_ALARMS, alarms


def _rules(snippet: Snippet) -> set[str]:
    return {finding.rule for finding in findings(snippet.language, snippet.content)}
