"""The opening of a prompt: the wish ("I need…"), the application's name, and what follows."""

import re
from dataclasses import dataclass

from quantumlayer.builtin.understanding.words import is_plural

_WISH = re.compile(
    r"(?i)^(?:please|pls|plz|(?:hi|hello|hey)(?: (?:sir|all|team|everyone|there|guys|friends?))?|good (?:morning|day|evening)|sir|ok|so|dear \w+|thanks|there(?! (?:is|are)\b)|then|also|now|"
    r"(?:can|could|would|will) you(?: please)?|help me(?: to)?|"
    r"(?:i|we)(?: would|'d)? (?:like|want|need|love|am looking for|are looking for|require|wish)(?: to (?:have|build|create|make|develop|get|see))?|"
    r"(?:i|we) (?:am|are) (?:building|creating|making|developing|looking for)|"
    r"(?:the )?(?:goal|task|idea|purpose) is(?: to)?|"
    r"(?:build|create|make|write|develop|design|implement|generate|produce|give|code|program|provide|set ?up|prepare|built|do)(?: me| us| for me)?|"
    r"(?:an?|the|our|my) [\w-]+(?: [\w-]+)? (?:wants|needs|would like|has) to(?=\s+(?:manage|track|keep|store|record|organi[sz]e|handle)\b)|"
    r"to|it is|this is|there is|there are|imagine|let's|lets|let us)\b[,!:.]?\s+(?=\w)"
)
_ADJECTIVES = re.compile(
    r"(?i)^(?:an?|the|some|my|our|simple|small|basic|tiny|minimal|minimalistic|little|new|modern|complete|full|"
    r"lightweight|clean|production[- ]ready|nice|good|quick|fast|scalable|robust|secure|working|full-featured|fully functional)\s+(?=\w)"
)
_APP = (
    r"(?:(?:rest(?:ful)?|http|web|json|crud|backend|open)[ -]?)*"
    r"(?:micro-?services?|services?|apis?|apps?|applications?|systems?|backends?|back-ends?|platforms?|servers?|websites?|"
    r"web ?sites?|software|solutions?|programs?|trackers?|managers?|portals?|organi[sz]ers?|planners?|"
    r"database|databases?|tools?|crud|site|registry|diary|journal|log book|logbook|shorteners?|clone)"
)
_APPLICATION = re.compile(
    rf"(?i)^(?P<before>(?:[\w'&/-]+ ){{0,5}}?)(?P<app>{_APP}(?: (?:{_APP}))*)\b(?!\s+(?:has|have|must|can|cannot|should|is|are|belongs?|links?)\b)(?P<after>.*)$",
    re.DOTALL,
)
_PURPOSE = re.compile(
    r"(?i)^(?:\s*,)?\s*(?:(?P<with>:|with|having|that has|which has|(?:where|in which) (?:we|i|you|users?|people|one) (?:can )?(?:have|store|keep|save|manage|track|log|record|collect|enter)|have|has|containing|including|that (?:contains|includes|stores|keeps|knows|has)|of|, )|"
    r"(?:for|to|that|which|it|who|in order to|used to|used for)?\s*(?:(?:can|should|must|lets?|will|helps?|allows?|enables?)\s+(?:(?:me|us|you|users?|people|staff)\s+)?(?:to\s+)?)?"
    r"(?P<manage>(?!(?:books|plans|lists|logs|records|schedules|stores|deals|works|plants|holdings)\b)(?:to )?(?:manag|track|stor|keep|record|organi[sz]|handl|maintain|catalog|administ|log|collect|control|monitor|register|sav|hold|deal|work|plan|schedul|book|collect|list)(?:e|es|s|ing|er|ister|istering|ging|uing|ue|ues|ping)?(?: track of| with| on)?)\b)\s*"
)
_FOR = re.compile(
    r"(?i)^\s*(?:,\s*)?(?:for|of|about|at|in|on)\s+(?P<phrase>[^,:.]+?)(?P<rest>\s*(?:[,:]| with | have | that | which | where | having | to | in which | - ).*|$)"
)
# "for classes (name, capacity) and rooms (number)": the records themselves, not a purpose.
_FOR_LIST = re.compile(
    r"(?is)^\s*(?:for|of|with|to (?:manage|track|store|keep)) (?:the |my |our )?(?P<list>[a-z][\w' -]*s \(.*)$"
)
_SOLE = re.compile(
    r"(?i)\s*(?:an?\s+|the\s+|my\s+|our\s+)?(?P<phrase>[\w'-]+(?: [\w'-]+){0,2}?)\s*"
    r"(?:(?P<more>[,:]?\s*(?:with|which has|that has|have|has|having|where|and have|it has)\s+)|,|$)"
)
_LOOSE_PURPOSE = re.compile(
    r"(?i)^(?:(?:the )?(?:system|app|application|service|api|it|software|platform|program|we|i|you)\s+)?"
    r"(?:(?:can|should|must|will|shall|needs? to|has to|have to|want to|would like to|wants? to)\s+)?(?:(?:be able|allow \w+|let \w+) to )?"
    r"(?:manag|track|stor|keep|record|organi[sz]|handl|maintain|catalog|administ|log|collect|monitor|sav|support|deal|know|hav|has)(?:e|es|s|ing|er|ister|istering|ging|uing|ue|ues)?(?: track of| with| about)?\s+"
    r"(?:(?:information|data|details|records|info)\s+(?:about|on|of|for)\s+)?(?:the following(?: (?:entities|things|resources))?:?\s*)?(?P<rest>(?:all |the |my |our |their |a list of |some )*\S.*)$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Intent:
    """The application's name as the prompt says it, the purpose's phrase, and what is left."""

    name: str
    purpose: str
    rest: str


def without_wish(text: str) -> str:
    """The text without "please create me a simple"; the rest is what is wanted."""
    text = re.sub(
        r"(?i)\b(track|manage|keep track of|store|organi[sz]e|plan) (?:my|our) \w+'?s?' (?=\w)",
        r"\1 ",
        text,
    )
    previous = None
    while previous != text:
        previous = text
        text = _WISH.sub("", text, count=1)
        text = _ADJECTIVES.sub("", text, count=1)
    return text.strip()


def opening(text: str) -> Intent | None:
    """The application that a sentence opens with; None when it does not name one."""
    wanted = without_wish(text)
    match = _APPLICATION.match(wanted)
    if match is None:
        return None
    name = f"{match['before']}{match['app']}".strip()
    after = match["after"]
    listed = _FOR_LIST.match(after)
    if listed is not None:
        return Intent(name, "", listed["list"].strip(" ."))
    aim = _FOR.match(after)
    purpose = ""
    verb = _PURPOSE.match(after)
    if verb is None and aim is not None:
        if not re.match(r"(?i)\w+ing\b", aim["phrase"].strip()):
            purpose, after = aim["phrase"].strip(), aim["rest"]
        verb = _PURPOSE.match(after)
    if verb is not None:
        after = after[verb.end() :]
        # "for managing a clinic, have doctors": the clinic is the purpose, not a record.
        sole = _SOLE.match(after)
        if verb["manage"] and sole and not purpose:
            purpose = sole["phrase"]
            if not is_plural(purpose.split()[-1].lower()) and sole["more"]:
                after = after[sole.end() :]
    return Intent(name, purpose, after.strip(" ,.:"))


_NAMED_LIST = re.compile(
    r"(?i)^(?P<name>[a-z][\w'-]*(?: [\w'-]+){0,3}): (?P<rest>(?:an? |the |each |every )?[\w'-]+(?: [\w'-]+)? "
    r"(?:has|have|with|contains?|includes?|belongs?|can)\b.+)$",
    re.DOTALL,
)


def named_list(text: str) -> Intent | None:
    """ "Parking garage: spots have a number, …": a name before definitions."""
    match = _NAMED_LIST.match(without_wish(text))
    if match is None or is_plural(match["name"].split()[-1].lower()):
        return None
    return Intent(match["name"], "", match["rest"])


def purpose_list(text: str) -> str | None:
    """What a sentence such as "it should manage books and authors" lists; None for others."""
    match = _LOOSE_PURPOSE.match(without_wish(text))
    return match["rest"].strip() if match else None
