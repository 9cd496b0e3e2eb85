"""Text without what differs between two equal runs."""

import re

_MAX_EVIDENCE = 6_000
_VARYING = (
    (re.compile(r"\b0x[0-9a-fA-F]{6,16}\b"), "0x…"),
    (re.compile(r"(?<![\w/])/(?:tmp|var/tmp|private/tmp)/[^\s:'\"),]+/"), "…/"),
    (re.compile(r"\b\d+(?:\.\d+)?\s?(?:ms|s|seconds|milliseconds)\b"), "… s"),
    (re.compile(r"\b(127\.0\.0\.1|localhost|\[::1\]):\d{4,5}\b"), r"\1:…"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?"), "…"),
)


def reproducible(text: str) -> str:
    """`text` with addresses, durations, temporary folders, ports and moments blanked, cut short.

    Its end is kept: a traceback says there what went wrong.
    """
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return text if len(text) <= _MAX_EVIDENCE else f"…\n{text[-_MAX_EVIDENCE:]}"
