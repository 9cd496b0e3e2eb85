"""Which kind of application a prompt asks for: a service, a command-line tool or a library."""

import re

from quantumlayer.qlayer.requirements import ApplicationKind

_ACTION = (
    r"reads?|converts?|counts?|filters?|parses?|sums?|totals?|prints?|formats?|searche?s?|finds?|"
    r"extracts?|merges?|splits?|sorts?|groups?|renames?|compares?|checks?|validates?|generates?"
)
_FILES = r"csv|json|tsv|yaml|xml|log|text|txt|markdown|file|files|folder|directory|stdin|lines?"

# Each hint and what it weighs; the heaviest kind wins, and a service wins a tie.
_HINTS: dict[ApplicationKind, tuple[tuple[str, int], ...]] = {
    ApplicationKind.COMMAND_LINE_TOOL: (
        (r"\b(?:cli|command[- ]line|terminal|console)\b", 6),
        (r"\b(?:script|shell command)\b", 5),
        (
            (
                rf"\b(?:tool|utility|program|command|app|application)\b[^.]{{0,40}}?\b(?:that|to|which|for|and)\s+"
                rf"(?:can\s+)?(?:{_ACTION})\b"
            ),
            3,
        ),
        (
            rf"\b(?:reads?|parses?|takes?|loads?|converts?|processe?s?)\s+(?:an?\s+|the\s+|from\s+|some\s+)*(?:{_FILES})\b",
            3,
        ),
        (r"\b(?:stdin|stdout|standard input|exit status|exit code)\b|(?<!\S)--[a-z]", 3),
        (r"\b(?:tool|utility)\b", 1),
    ),
    ApplicationKind.LIBRARY: (
        (
            r"\b(?:python|javascript|js|npm|pypi|node(?:\.?js)?|utility|helper|small|reusable)\s+(?:library|package|module)\b",
            4,
        ),
        (
            r"\b(?:library|package|module)\s+(?:of|with|that provides|providing|offering|for|to|that|which)\b[^.]{0,60}?\bfunctions?\b",
            5,
        ),
        (
            r"\b(?:library|package|module)\s+(?:to|that|which|for)\s+(?:\w+\s+)?(?:convert|validat|pars|format|comput|calculat|handl|encod|decod|provid|implement|work|generat)",
            5,
        ),
        (r"\b(?:package|module|sdk)\b", 2),
        (r"\bfunctions?\s+(?:that|to|for|which|like|called|named)\b", 4),
        (r"\bfunctions\b", 2),
        (r"\b(?:library|lib)\b", 3),
        (
            r"^(?:\W*(?:write|create|make|build|code|i need|i want|give me|me|please)\s+)*(?:an?\s+)?(?:[\w-]+\s+){0,3}?(?:class|decorator|type|algorithm|validator|helpers?)(?=\s+(?:with|that|for|which|to|in)\b|\s*[,.:]|\s*$)",
            5,
        ),
        (
            r"\b(?:data structures?|pure functions?|lru cache|linked list|priority queue|trie|ring buffer)\b",
            4,
        ),
        (
            r"^(?:\W*(?:write|create|make|build|i need|i want|give me|please)\s+)*(?:an?\s+)?library\s+(?:for|to|that|which|of)\b",
            4,
        ),
    ),
    ApplicationKind.SERVICE: (
        (
            r"\b(?:rest|restful|api|apis|http|endpoints?|backend|back-end|crud|web ?service|micro-?service|server)\b",
            6,
        ),
        (r"\bservice\b", 4),
        (r"(?m)(?:^|\s)(?:get|post|put|patch|delete) /\w", 6),
        (
            r"\b(?:app|application|system|platform|tracker|manager|website|site|web|management|database)\b",
            2,
        ),
        (r"\b(?:books?|members?|loans?|borrow\w*|librarians?)\b", 3),
        (r"\b(?:at most|cannot|must be unique|belongs? to|has many|have many)\b", 2),
    ),
}
_COMPILED = {
    kind: tuple((re.compile(pattern, re.IGNORECASE), weight) for pattern, weight in hints)
    for kind, hints in _HINTS.items()
}
_NOT_A_LIBRARY = re.compile(
    r"(?i)\blibrary\s+(?:service|system|management|app|application|api|with\s+(?:books|members))"
    r"|\b(?:public|school|city|university|community|music|video|game|film|movie|photo|toy|tool)\s+library\b"
)


def kind_of(plain: str) -> ApplicationKind:
    """The kind that the most telling words of a normalised text speak for; a service by default."""
    scores = {
        kind: sum(weight for pattern, weight in hints if pattern.search(plain))
        for kind, hints in _COMPILED.items()
    }
    if _NOT_A_LIBRARY.search(plain):
        scores[ApplicationKind.LIBRARY] -= 6
        scores[ApplicationKind.SERVICE] += 2
    order = (
        ApplicationKind.SERVICE,
        ApplicationKind.COMMAND_LINE_TOOL,
        ApplicationKind.LIBRARY,
    )
    return max(order, key=lambda kind: scores[kind])


# "surveys: title, open until", "recipes (title, minutes)", "members have a name".
_RECORDS = (
    re.compile(
        r"(?i)(?:^|[.;:,\n]\s*|\band )(?:an? |each |every )?[a-z][\w ]{1,30}?(?:: ?| ?\()[a-z][\w ]*,\s*[a-z]"
    ),
    re.compile(r"(?i)\b(?:[a-z]+s have|(?:an?|each|every) [a-z]+ has) (?:an? |the )?[a-z]"),
)
_NO_SERVICE = re.compile(
    r"(?i)\b(?:cli|command[- ]line|terminal|console|script|csv|tsv|jsonl?|stdin|files?|functions?|class(?:es)? with|package|module|methods?|"
    r"python library|javascript library|npm|pypi|library (?:for|to|that|with functions))\b|(?<!\S)--[a-z]"
)


def describes_records(plain: str, kind: ApplicationKind) -> bool:
    """Whether a text that calls itself a tool or a library lists kinds of records and no code."""
    if _NO_SERVICE.search(plain) is not None:
        return False
    found = sum(len(pattern.findall(plain)) for pattern in _RECORDS)
    return found > (1 if kind is ApplicationKind.COMMAND_LINE_TOOL else 2)


def names_a_service(plain: str) -> bool:
    """Whether any word of a text speaks for a service."""
    return any(pattern.search(plain) for pattern, _ in _COMPILED[ApplicationKind.SERVICE])
