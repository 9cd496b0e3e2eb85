"""One way of saying it: modal verbs, numbers and contractions brought to a few forms.

What may be is `can`, what must hold is `must`, what is forbidden is `cannot`; numbers are digits.
The rule families read this text, so that each has few patterns.
"""

import re
from functools import lru_cache

from quantumlayer.builtin.understanding.text import with_digits

# States of which people say that a record is not in them.
_LEFT = (
    "accepted|active|approved|archived|available|cancelled|canceled|closed|completed|confirmed"
    "|declined|deleted|delivered|done|ended|expired|finished|paid|processed|published|refunded"
    "|rejected|resolved|returned|shipped|sold|started|verified|withdrawn"
)
_REWRITES = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"[\u2014]", ", "),
        (r"\bcan'?t\b|\bcan ?n[o']t\b|\bcan not\b", "cannot"),
        (r"\b(?:is|are|was) ?n't\b|\b(?:isnt|arent)\b", "is not"),
        (r"\b(?:do|does|did)n'?t\b", "do not"),
        (r"\b(?:must|should|shall|may|could|would)n't\b|\b(?:shouldnt|mustnt)\b", "cannot"),
        (r"\bwon't\b|\bwill not\b", "cannot"),
        (r"\b(?:hasn't|haven't|has not|have not)\b", "has not"),
        (r"\b(?:must|should|shall|may|could|can) (?:not|never)\b", "cannot"),
        (r"\b(?:must|should|shall|may|can) (?:only|just) be\b", "can only be"),
        (r"\b(?:may|might|could)\b(?! (?:\d|jan))", "can"),
        (r"^no (?!2\b|more\b|one\b|other\b|duplicate|overlapping|double|negative|empty|past|future)([\w-]+(?: [\w-]+)?) can (?=\w)", r"a \1 cannot "),
        (r"\b(?:should|shall)\b", "must"),
        (r"\b(?:has|have|needs?|is required|are required) to\b", "must"),
        (r"\b(?:is|are) (?:not|never) (?:allowed|permitted|able|possible) to\b", "cannot"),
        (r"\b(?:is|are) (?:forbidden|prohibited|disallowed) (?:to|from)\b", "cannot"),
        (r"\b(?:is|are) (?:allowed|permitted|able) to\b", "can"),
        (r"\bit (?:is|must be|'s) (?:not possible|impossible|forbidden) to\b", "cannot"),
        (r"\b(?:do not|don't|never) (?:allow|permit|let)\b|\b(?:disallow|forbid|prevent)s?\b", "cannot allow"),
        (r"\b(cannot|must) (?:lie|fall|occur|happen|take place)(?= (?:in|before|after|on|within|between)\b)", r"\1 be"),
        (r"(?<=\w) n (?=\w)", " and "),
        (r"\bin (future|past)\b", r"in the \1"),
        (r"\b(?:be|is|are) just (?=1 )", "be only "),
        (r"\b(more|less|greater|higher|lower|bigger|smaller|larger|longer|shorter|fewer|later|earlier|older|younger) then\b", r"\1 than"),
        (r"\b(?:2|more) times\b(?! (?:per|a|an|each))|\btwo times\b", "twice"),
        (r"\b(?:in|at|on) (?:the )?same time\b", "at the same time"),
        (r",? but only (?=once|1 |twice|\d)", " only "),
        (r"^(?:please )?(?:ensure|make sure|guarantee|check|verify|enforce|validate)s?(?: that)? ", ""),
        (r"^(?:also|and|but|then|so|note that|note|rules?|additionally|furthermore|moreover|besides|however|finally|importantly|of course|plus|obviously|where|while|whereas)[,:]?\s+(?=\w)", ""),
        (r"\bevery ?one\b|\beach one\b", "each"),
        (r"\b(?:no more|not more|never more) than\b|\bnot exceeding\b|\bup to\b|\bmaximum of\b|\bmaximally\b|\bmax\.? of\b|\blimit(?:ed)? (?:of|to)\b|\bno greater than\b|\bnot over\b|\bat the most\b|\bat maximum\b|<=|\u2264", "at most"),
        (r"\b(?:a |the )?maximum(?: number)?(?: of)? (?=\d)|\bmax\.? (?=\d)", "at most "),
        (r"\b(?:no less|not less|no fewer|not fewer) than\b|\bminimum of\b|\bmin\.? of\b|>=|\u2265", "at least"),
        (r"\b(?:a |the )?minimum (?=\d)|\bmin\.? (?=\d)", "at least "),
        (r"\b(?:a )at (most|least)\b", r"at \1"),
        (r"\bcannot exceed (?=\d)|\bcannot be (?:more|greater|higher|larger|longer|bigger) than (?=-?\d)|\bcannot be (?:over|above) (?=-?\d)", "must be at most "),
        (r"\bcannot be (?:less|lower|smaller|fewer|shorter) than (?=-?\d)|\bcannot (?:be|go|drop|fall|become|get|sink) (?:under|below) (?=-?\d)", "must be at least "),
        (r"\bcannot (?:go|rise|grow|get) (?:over|above|beyond) (?=-?\d)", "must be at most "),
        (r"\b(?:can|must) only ([a-z]+) (?=1 )", r"can \1 at most "),
        (r"\b(?:can|must) (have|hold|own|keep|take|get) only (?=\d)", r"can \1 at most "),
        (r"\bcannot have more than (?=\d)", "can have at most "),
        (r"\bcannot (\w+) more than (?=\d)", r"can \1 at most "),
        (r"\bcannot be (\w+) more than (?=\d)", r"can be \1 at most "),
        (r"\bsimultaneously\b|\bconcurrently\b|\bat the same time\b|\bat once\b|\bat any (?:one |given )?time\b|\bat one time\b|\bin parallel\b|\bat the same moment\b|\bat a given time\b", "at a time"),
        (r"\bgo(?:es)? back from\b", "go from"),
        (r"\bcannot ((?:be )?[\w-]+(?: up)?) (twice|more than once|again) (for|to|in|on|at|by) ((?:the |an? )?same [\w-]+(?: [\w-]+)?)$", r"cannot \1 \3 \4 \2"),
        (r"^(?:an? |the |each |the same )?([\w-]+(?: [\w-]+)?) cannot be (?:on|in|at|assigned to|part of) (?:2|more than 1|several|multiple) ([\w-]+) at a time$", r"\2 of the same \1 cannot overlap"),
        (r"\bcan only be (\w+) (to|by|for|in|at) (?=1 )", r"can be \1 \2 at most "),
        (r"\bcan only be (in|on|at|part of) (?=1 )", r"can be \1 at most "),
        (r" (?:to|by|for) (?:2|more than 1|several|different|multiple) [\w-]+(?= (?:at|for|on|in|with|during) (?:overlapping|conflicting))", ""),
        (r"^not (?=2 )", "no "),
        (r"\b(for|on|at|in|of|to|by|with) same (?=\w)", r"\1 the same "),
        (r"\bno longer\b", "not"),
        (r"\bcanceled\b", "cancelled"),
        # "not cancelled bookings" are uncancelled ones, a word that is read like any other state.
        (rf"\bnon[- ]({_LEFT})\b", r"un\1"),
        (
            rf"(^|\b(?:no|the|all|any|each|every|of|other|another|an?|only|have|has|with|for|2|two|\d+) )not (?:yet )?({_LEFT}) (?=[a-z])(?!(?:the|an?|by|to|in|on|for|yet|and|or|if|when|before|after)\b)",
            r"\1un\2 ",
        ),
        (r"\bper each\b|\bfor every\b|\bfor each\b|\bby each\b|\bfor any 1\b", "per"),
    )
)  # fmt: skip


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """The text in lower case and in few forms: "mustn't have more than five" → at most 5."""
    plain = with_digits(re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text).lower())
    for pattern, replacement in _REWRITES:
        plain = pattern.sub(replacement, plain)
    return " ".join(plain.split())
