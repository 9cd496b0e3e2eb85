"""Runs the rules over one parsed file. Files without a word of a rule cost one pass over words.

Words lead to places, places to the queries of the rules that know the word, their matches to
conditions. A query is tried only on the few nodes around the word, so the cost follows the number
of words found, not the size of the tree.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterator

from tree_sitter import Node, QueryCursor, Tree

from quantumlayer.parser.model import Edit, Finding, Fix, Severity
from quantumlayer.parser.occurrences import occurrences
from quantumlayer.parser.rules.calls import Calls
from quantumlayer.parser.rules.catalogue import Plan, Probe, at_stem, at_word, plan
from quantumlayer.parser.rules.classes import Classes
from quantumlayer.parser.rules.evaluation import Evaluation
from quantumlayer.parser.rules.files import is_packed, is_test
from quantumlayer.parser.rules.model import FixTemplate, Rule
from quantumlayer.parser.rules.names import imported
from quantumlayer.parser.rules.places import Place, Surroundings
from quantumlayer.parser.rules.scopes import Scopes
from quantumlayer.parser.rules.words import containing, renamed, words_of

TOOL = "quantumlayer"
MAX_FINDINGS = 200
TIME_LIMIT_SECONDS = 1.0
UNFINISHED_RULE = "rules-not-finished"
_CLIMB = 7
_NEAR_BEFORE, _NEAR_AFTER = 60, 120
_ACCEPTED = re.compile(r"#\s*noqa:\s*([A-Z0-9, ]+)|quantumlayer:\s*ignore\[([\w\-, ]+)\]")
_CALL_BEGINS = {"typescript": (b"(", b"<"), "tsx": (b"(", b"<"), "java": (b"(", b"<")}


def check(language: str, path: str, data: bytes, tree: Tree) -> tuple[Finding, ...]:
    """The findings of every rule for `language` in one file, by place.

    At most MAX_FINDINGS for each rule, and for at most TIME_LIMIT_SECONDS of the processor; then a
    finding says that it was not finished, as syntax and symbols are not to be lost by it. What a
    tool packed is nobody's work, and left alone. Runs in a worker that can be killed; uses the tree
    as it is and parses nothing.
    """
    todo = plan(language)
    if not (todo.words or todo.by_stem or todo.whole) or is_packed(data):
        return ()
    words = words_of(data)
    known = todo.words & words
    stems = containing(todo.by_stem, words) if todo.by_stem else {}
    if not (known or stems or todo.whole):
        return ()
    return _File(language, path, data, tree, words).findings(todo, known, stems)


def _unfinished(path: str) -> Finding:
    return Finding(
        rule=UNFINISHED_RULE,
        severity=Severity.LOW,
        path=path,
        line=1,
        column=1,
        message=f"Not every rule could be weighed within {TIME_LIMIT_SECONDS:g} s.",
        tool=TOOL,
        help="Split the file, or nest less deeply.",
    )


def _severity(probe: Probe, place: Place) -> Severity:
    """The rule's, where there is proof; high is never said without the proof that is asked for."""
    proof = probe.match.proof or probe.rule.proof
    if probe.rule.severity is Severity.HIGH and not all(place.holds(one) for one in proof):
        return Severity.MEDIUM
    return probe.rule.severity


class _File:
    def __init__(
        self, language: str, path: str, data: bytes, tree: Tree, words: frozenset[bytes]
    ) -> None:
        self._path = path
        self._data = data
        self._root = tree.root_node
        self._words = words
        self._language = language
        self._call_begins = _CALL_BEGINS.get(language, (b"(",))
        self._in_tests = is_test(path)
        self._prepared: Surroundings | None = None
        self._imports: dict[str, str] | None = None
        self._renamed: dict[bytes, list[bytes]] | None = None
        self._ends = time.process_time() + TIME_LIMIT_SECONDS
        self._looks = time.perf_counter() + TIME_LIMIT_SECONDS
        self._stopped = False
        self._seen: set[tuple[str, int]] = set()
        self._count: dict[str, int] = defaultdict(int)

    def findings(
        self, todo: Plan, known: frozenset[bytes], stems: dict[bytes, list[bytes]]
    ) -> tuple[Finding, ...]:
        found = [*self._everywhere(todo.whole)]
        for word in sorted(known):
            found += self._at_word(word, at_word(self._language, word))
        for stem, words in stems.items():
            useful = self._useful(at_stem(self._language, stem))
            for word in words:
                found += self._at_all(word, useful, word)
        if self._stopped:
            found.append(_unfinished(self._path))
        return tuple(sorted(found, key=lambda one: (one.line, one.column, one.rule)))

    def _useful(self, probes: tuple[Probe, ...]) -> list[Probe]:
        """Without those that skip tests or need words that the file lacks."""
        return [
            probe
            for probe in probes
            if (probe.rule.in_tests or not self._in_tests)
            and not any(need.isdisjoint(self._words) for need in probe.needs)
        ]

    def _everywhere(self, probes: tuple[Probe, ...]) -> Iterator[Finding]:
        for probe in self._useful(probes):
            for _, captures in QueryCursor(probe.query).matches(self._root):
                if self._out_of_time():
                    return
                yield from self._weigh(probe, captures)

    def _at_word(self, word: bytes, probes: tuple[Probe, ...]) -> Iterator[Finding]:
        useful = self._useful(probes)
        if useful:
            yield from self._at_all(word, useful, word)
            # `from hashlib import md5 as digest`: the rule for md5 looks at digest, too.
            for alias in self._aliases(word):
                yield from self._at_all(alias, useful, word)

    def _at_all(self, word: bytes, probes: list[Probe], known_as: bytes) -> Iterator[Finding]:
        called = [probe for probe in probes if known_as in probe.called]
        others = [probe for probe in probes if known_as not in probe.called]
        if called:
            for follows in self._call_begins:
                for start, end in occurrences(self._data, word, follows):
                    yield from self._at(start, end, called)
        if others:
            for start, end in occurrences(self._data, word):
                yield from self._at(start, end, others)

    def _aliases(self, word: bytes) -> list[bytes]:
        """Names under which the file imports the word."""
        if self._language == "python":
            # Looked for as text: most files import nothing under another name.
            if self._renamed is None:
                self._renamed = renamed(self._data)
            return self._renamed.get(word, [])
        name = word.decode()
        return [
            local.encode()
            for local, origin in self._known_imports().items()
            if local != name and re.split(r"[./]", origin)[-1] == name
        ]

    def _at(self, start: int, end: int, probes: list[Probe]) -> Iterator[Finding]:
        around = self._data[max(0, start - _NEAR_BEFORE) : end + _NEAR_AFTER]
        near = [
            probe
            for probe in probes
            if (probe.follows is None or probe.follows.match(self._data, end))
            and (probe.near is None or probe.near.search(around))
        ]
        if not near or self._out_of_time():
            return
        node = self._root.named_descendant_for_byte_range(start, end)
        if node is None or "comment" in node.type:
            return
        in_text = "string" in node.type
        top = node
        for _ in range(_CLIMB):
            outer = top.parent
            if outer is None:
                break
            top = outer
        matches: dict[int, list[dict[str, list[Node]]]] = {}
        for probe in near:
            if in_text and not probe.match.in_strings:
                continue
            found = matches.get(id(probe.query))
            if found is None:
                cursor = QueryCursor(probe.query, match_limit=256)
                cursor.set_byte_range(start, end + probe.match.reach)
                found = matches[id(probe.query)] = [one for _, one in cursor.matches(top)]
            for captures in found:
                yield from self._weigh(probe, captures)

    def _out_of_time(self) -> bool:
        # Asking for the processor's time is a system call; what has not taken that long by the
        # clock on the wall cannot have taken it on the one processor that works here.
        if not self._stopped and time.perf_counter() > self._looks:
            self._stopped = time.process_time() > self._ends
        return self._stopped

    def _weigh(self, probe: Probe, captures: dict[str, list[Node]]) -> Iterator[Finding]:
        rule = probe.rule
        if "match" not in captures:
            return
        place = Place(probe.match, captures, self._around())
        key = (rule.id, place.node.start_byte)
        if key in self._seen or self._count[rule.id] >= MAX_FINDINGS:
            return
        if all(place.holds(one) for one in probe.match.where) and not self._accepted(rule, place):
            self._seen.add(key)
            self._count[rule.id] += 1
            yield self._finding(probe, place)

    def _accepted(self, rule: Rule, place: Place) -> bool:
        """Whether the line says that this is known: `noqa: S324`, `quantumlayer: ignore[id]`."""
        start = self._data.rfind(b"\n", 0, place.node.start_byte) + 1
        end = self._data.find(b"\n", place.node.end_byte)
        text = self._data[start : None if end < 0 else end]
        if b"noqa:" not in text and b"ignore[" not in text:
            return False
        named = _ACCEPTED.findall(text.decode("utf-8", errors="replace"))
        words = {word.strip() for group in named for part in group for word in part.split(",")}
        return rule.id in words or not words.isdisjoint(rule.known_as)

    def _finding(self, probe: Probe, place: Place) -> Finding:
        rule = probe.rule
        line, column = self._point(place.node.start_point[0], place.node.start_byte)
        return Finding(
            rule=rule.id,
            severity=_severity(probe, place),
            path=self._path,
            line=line,
            column=column,
            message=probe.match.message or f"{rule.title}. {rule.help}",
            fix=self._fix(probe.match.fix, place),
            tool=TOOL,
            cwe=rule.cwe,
            help=rule.help,
        )

    def _fix(self, template: FixTemplate | None, place: Place) -> Fix | None:
        if template is None:
            return None
        node = place.subject(template.capture, template.argument)
        if node is None:
            return None
        line, column = self._point(node.start_point[0], node.start_byte)
        end_line, end_column = self._point(node.end_point[0], node.end_byte)
        edit = Edit(
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            text=template.replacement,
        )
        return Fix(description=template.description, safe=template.safe, edits=(edit,))

    def _point(self, row: int, byte: int) -> tuple[int, int]:
        """Line and column in characters, both from 1, of a byte in a row."""
        start = self._data.rfind(b"\n", 0, byte) + 1
        return row + 1, len(self._data[start:byte].decode("utf-8", errors="replace")) + 1

    def _known_imports(self) -> dict[str, str]:
        if self._imports is None:
            self._imports = imported(self._language, self._root, self._data)
        return self._imports

    def _around(self) -> Surroundings:
        if self._prepared is None:
            imports = self._known_imports()
            scopes = Scopes(self._language, self._root)
            calls = Calls(self._language, scopes, imports)
            self._prepared = Surroundings(
                path=self._path,
                words=self._words,
                scopes=scopes,
                calls=calls,
                values=Evaluation(self._language, scopes, calls, imports, self._data),
                classes=Classes(self._root, scopes, imports),
            )
        return self._prepared
