"""English words as names: singular and plural, and the spellings that programs use."""

import keyword
import re
from collections.abc import Iterable
from functools import lru_cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_IRREGULAR = {
    "person": "people",
    "man": "men",
    "woman": "women",
    "child": "children",
    "foot": "feet",
    "tooth": "teeth",
    "goose": "geese",
    "mouse": "mice",
    "ox": "oxen",
    "leaf": "leaves",
    "loaf": "loaves",
    "shelf": "shelves",
    "half": "halves",
    "wolf": "wolves",
    "knife": "knives",
    "life": "lives",
    "wife": "wives",
    "thief": "thieves",
    "calf": "calves",
    "datum": "data",
    "medium": "media",
    "curriculum": "curricula",
    "criterion": "criteria",
    "phenomenon": "phenomena",
    "analysis": "analyses",
    "diagnosis": "diagnoses",
    "basis": "bases",
    "crisis": "crises",
    "thesis": "theses",
    "hypothesis": "hypotheses",
    "axis": "axes",
    "index": "indexes",
    "matrix": "matrices",
    "vertex": "vertices",
    "appendix": "appendices",
    "quiz": "quizzes",
    "bus": "buses",
    "gas": "gases",
    "lens": "lenses",
    "atlas": "atlases",
    "canvas": "canvases",
    "alias": "aliases",
    "bonus": "bonuses",
    "campus": "campuses",
    "census": "censuses",
    "corpus": "corpora",
    "virus": "viruses",
    "status": "statuses",
    "address": "addresses",
    "hero": "heroes",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "echo": "echoes",
    "cactus": "cacti",
    "movie": "movies",
    "cookie": "cookies",
    "zombie": "zombies",
    "calorie": "calories",
    "selfie": "selfies",
    "genie": "genies",
    "pie": "pies",
    "tie": "ties",
    "die": "dies",
    "lie": "lies",
    "shoe": "shoes",
    "toe": "toes",
    "cache": "caches",
    "axe": "axes",
    "niche": "niches",
    "size": "sizes",
    "prize": "prizes",
    "course": "courses",
    "house": "houses",
    "warehouse": "warehouses",
    "horse": "horses",
    "nurse": "nurses",
    "purchase": "purchases",
    "expense": "expenses",
    "license": "licenses",
    "licence": "licences",
    "response": "responses",
    "exercise": "exercises",
    "release": "releases",
    "database": "databases",
    "case": "cases",
    "lease": "leases",
    "phase": "phases",
    "phrase": "phrases",
    "base": "bases",
    "use": "uses",
    "cause": "causes",
    "clause": "clauses",
    "rose": "roses",
    "nose": "noses",
    "vase": "vases",
    "dose": "doses",
    "purse": "purses",
    "spouse": "spouses",
    "franchise": "franchises",
    "enterprise": "enterprises",
    "increase": "increases",
    "decrease": "decreases",
    "promise": "promises",
    "premise": "premises",
    "merchandise": "merchandise",
    "cheese": "cheeses",
    "verse": "verses",
    "universe": "universes",
    "sense": "senses",
    "pulse": "pulses",
    "pause": "pauses",
    "defense": "defenses",
    "offense": "offenses",
    "lapse": "lapses",
    "collapse": "collapses",
    "glimpse": "glimpses",
    "showcase": "showcases",
    "suitcase": "suitcases",
    "gauge": "gauges",
    "passerby": "passersby",
}
_UNCOUNTABLE = _set(
    """equipment information software hardware furniture inventory staff stock feedback money
    music news homework luggage baggage advice knowledge research traffic weather series species
    sheep fish deer aircraft offspring merchandise metadata status-quo progress work
    """
)
_SINGULAR_OF = {plural: singular for singular, plural in _IRREGULAR.items()}
_SINGULAR_OF |= {
    "statuses": "status",
    "indices": "index",
    "persons": "person",
    "bases": "base",
    "axes": "axis",
    "taxes": "tax",
    "premises": "premise",
}
_ENDS_IN_S = ("ss", "us", "is", "as", "ics")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")

_RESERVED = (
    frozenset(keyword.kwlist)
    | frozenset(keyword.softkwlist)
    | _set(
        """abstract arguments await boolean break case catch class const continue debugger default
    delete do else enum eval export extends false finally for function if implements import in
    instanceof interface let new null package private protected public return static super switch
    this throw true try typeof undefined var void while with yield constructor prototype

    id self cls copy json dict schema construct validate model_config model_fields model_dump
    metadata registry query key page limit offset cursor sort order
    """
    )
)
_RESERVED_ENTITIES = _set(
    """Base BaseModel Any None True False Field Page Problem Repository Router Request Response
    Settings App Application Database Session Error Exception Object String Number Boolean Array
    Map Set Date Promise Function Symbol Proxy Math Buffer Process Annotated Literal Path Query
    Body Header Cookie Depends Enum Decimal Class Import Type List Dict Tuple Str Int Float Bool
    """
)


def words_of(phrase: str) -> tuple[str, ...]:
    """The lower-case words of any spelling: "LoanItem", "loan item's" → loan, item."""
    without_possessive = re.sub(r"['\u2019]s\b|['\u2019]", "", phrase)
    return tuple(word.lower() for word in _WORD.findall(without_possessive))


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """The singular of one lower-case word; a singular word comes back unchanged."""
    if word in _IRREGULAR or word in _UNCOUNTABLE or len(word) < 3:
        return word
    if word in _SINGULAR_OF:
        return _SINGULAR_OF[word]
    for compound in ("people", "men", "women", "children"):
        if word.endswith(compound):
            return word.removesuffix(compound) + _SINGULAR_OF[compound]
    if not word.endswith("s") or word.endswith(_ENDS_IN_S):
        return word
    return _without_s(word)


def _without_s(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    if word.endswith("uses") and word[:-1] not in _IRREGULAR:
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """The plural of one lower-case singular word; a plural word comes back unchanged."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _UNCOUNTABLE or is_plural(word):
        return word
    for compound in ("person", "woman", "man", "child"):
        if word.endswith(compound) and word not in {"human", "german", "roman", "talisman"}:
            return word.removesuffix(compound) + _IRREGULAR[compound]
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


def is_plural(word: str) -> bool:
    """Whether a lower-case word is a plural that differs from its singular."""
    return singular(word) != word


def singular_phrase(phrase: str) -> tuple[str, ...]:
    """The words of a noun phrase with its head (the last word) in the singular."""
    words = words_of(phrase)
    return (*words[:-1], singular(words[-1])) if words else ()


def snake(words: Iterable[str]) -> str:
    """`due_date`: the words joined by underscores, never beginning with a digit."""
    name = "_".join(words)[:60].rstrip("_")
    return f"n{name}" if name[:1].isdigit() else name


def pascal(words: Iterable[str]) -> str:
    """`LoanItem`: the words joined with capitals, never beginning with a digit."""
    name = "".join(word.capitalize() for word in words)[:60]
    return f"N{name}" if name[:1].isdigit() else name


def plural_snake(words: Iterable[str]) -> str:
    """`loan_items`: the collection's name for the words of a singular noun phrase.

    An uncountable noun gets `_records`, so that the collection never has its record's name.
    """
    parts = tuple(words)
    many = (*parts[:-1], plural(parts[-1]))
    return snake(many) if many != parts else f"{snake(parts)}_records"


def title(words: Iterable[str]) -> str:
    """`Due date`: the words as a person writes them at the start of a sentence."""
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def article(noun: str) -> str:
    """The noun with its indefinite article: "a book", "an order", "an hour", "a user"."""
    vowel = noun[:1].lower() in "aeiou"
    if re.match(r"(?i)(uni|use|usa|eu|one\b)", noun):
        vowel = False
    if re.match(r"(?i)(hour|heir|honest)", noun):
        vowel = True
    return f"{'an' if vowel else 'a'} {noun}"


def is_reserved_field(name: str) -> bool:
    """Whether a field may not have this name in the languages that are written."""
    return name in _RESERVED


def is_reserved_entity(name: str) -> bool:
    """Whether an entity's class would collide with a name of the generated program."""
    return name in _RESERVED_ENTITIES or keyword.iskeyword(name)
