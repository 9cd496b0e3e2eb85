"""A prompt as the analysts read it: normalised, in sentences, its target language decided."""

import re
from dataclasses import dataclass

from quantumlayer.builtin.understanding.notations import without_json
from quantumlayer.builtin.understanding.refusal import NotUnderstood
from quantumlayer.builtin.understanding.text import Sentence, normalised, sentences
from quantumlayer.qlayer.requirements import Language, Unclear

MAXIMUM_LENGTH = 20_000

_JAVASCRIPT = (
    r"javascript|java script|typescript|ecmascript|node\.?js|node|js|ts|express(?:\.?js)?"
    r"|npm|deno|bun"
)
_PYTHON = r"python ?3?(?:\.\d+)?|fastapi|flask|django|pypi|pip"
_UNSUPPORTED = {
    "rust": "Rust",
    "go": "Go",
    "golang": "Go",
    "java": "Java",
    "kotlin": "Kotlin",
    "c#": "C#",
    "c sharp": "C#",
    ".net": ".NET",
    "c++": "C++",
    "ruby": "Ruby",
    "rails": "Ruby",
    "php": "PHP",
    "laravel": "PHP",
    "swift": "Swift",
    "scala": "Scala",
    "elixir": "Elixir",
    "haskell": "Haskell",
    "perl": "Perl",
    "dart": "Dart",
    "lua": "Lua",
    "zig": "Zig",
    "clojure": "Clojure",
    "erlang": "Erlang",
    "ocaml": "OCaml",
    "cobol": "COBOL",
    "fortran": "Fortran",
    "bash": "Bash",
    "c": "C",
    "r": "R",
    "spring boot": "Java",
}
_OTHERS = "|".join(re.escape(name) for name in sorted(_UNSUPPORTED, key=len, reverse=True))
_INTRODUCED = (
    r"(?:written |implemented |coded |built |made |done |developed )?(?:in|using|with|on|use|for)"
)
_AFTER = r"(?![\w+#-])"
_NAMED = re.compile(
    rf"(?i),?\s*\(?\b{_INTRODUCED}\s+(?:plain |pure |vanilla |modern |the )?"
    rf"(?P<name>{_JAVASCRIPT}|{_PYTHON}|{_OTHERS}){_AFTER}"
    r"(?:\s+(?:language|programming language|please))?\)?"
)
_ADJECTIVE = re.compile(
    rf"(?i)\b(?P<name>{_JAVASCRIPT}|{_PYTHON}|rust|golang|kotlin|c#|c\+\+|ruby|php|scala|elixir|haskell|go(?=\s+(?:service|api|backend|cli|tool))|java)"
    rf"{_AFTER}(?=[\s-]+(?:[\w-]+\s+)?(?:service|rest|api|app|application|backend|server|library|package|module|"
    r"cli|tool|script|program|crate|command|function|functions|http|web|microservice|crud)\b)"
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt ready to be understood.

    `assumptions` and `not_understood` hold what the choice of the language led to; every analyst
    passes them on in its requirements. `Sentence.start` and `.end` are offsets into `text`.
    """

    text: str
    plain: str
    sentences: tuple[Sentence, ...]
    language: Language
    assumptions: tuple[str, ...] = ()
    not_understood: tuple[Unclear, ...] = ()

    def source(self, sentence: Sentence) -> str:
        """The words of the prompt that a sentence was read from."""
        return self.text[sentence.start : sentence.end].strip()[:2000]


def read_prompt(text: str, language: Language | None = None) -> Prompt:
    """The prompt in sentences. A language passed in wins over one named in the text.

    Raises NotUnderstood for a text without words, or longer than 20,000 characters.
    """
    if len(text) > MAXIMUM_LENGTH:
        raise NotUnderstood(
            f"The description has {len(text):,} characters; at most {MAXIMUM_LENGTH:,} are read. "
            "Describe the essential things, fields and rules in fewer words."
        )
    if not re.search(r"[A-Za-z]{2}", text):
        raise NotUnderstood("The description holds no English words.")
    notation = without_json(normalised(text))
    said = sorted((*sentences(notation.text), *notation.sentences), key=lambda each: each.start)
    plain = ". ".join((notation.text, *(each.text for each in notation.sentences)))
    chosen, assumptions, unclear = _language(notation.text, language)
    return Prompt(text, plain, tuple(said), chosen, assumptions, unclear)


def without_language(text: str) -> str:
    """The text without its words on the programming language: "written in Python"."""
    stripped = _ADJECTIVE.sub("", _NAMED.sub("", text))
    return " ".join(stripped.split()).strip(" ,")


def _language(
    plain: str, wanted: Language | None
) -> tuple[Language, tuple[str, ...], tuple[Unclear, ...]]:
    named: list[tuple[int, str]] = []
    for pattern in (_NAMED, _ADJECTIVE):
        named += [(match.start("name"), match["name"].lower()) for match in pattern.finditer(plain)]
    supported = [found for _, name in sorted(named) if (found := _supported(name))]
    others = [_UNSUPPORTED[name] for _, name in sorted(named) if name in _UNSUPPORTED]
    chosen = wanted or (supported[0] if supported else Language.PYTHON)
    label = {Language.PYTHON: "Python", Language.JAVASCRIPT: "JavaScript"}[chosen]
    assumptions: list[str] = []
    unclear: list[Unclear] = []
    for other in dict.fromkeys(others):
        reason = f"{other} is not among the languages that can be written: Python and JavaScript."
        unclear.append(Unclear(text=other, reason=reason))
        assumptions.append(f"Written in {label}, because {other} is not available.")
    if any(name in {"typescript", "ts"} for _, name in named) and chosen is Language.JAVASCRIPT:
        unclear.append(
            Unclear(text="TypeScript", reason="TypeScript is not written; JavaScript is.")
        )
        assumptions.append("Written in JavaScript, because TypeScript is not available.")
    if not wanted and not named:
        assumptions.append("Written in Python, because no language was named.")
    return chosen, tuple(assumptions), tuple(unclear)


def _supported(name: str) -> Language | None:
    if re.fullmatch(_JAVASCRIPT, name):
        return Language.JAVASCRIPT
    return Language.PYTHON if re.fullmatch(_PYTHON, name) else None
