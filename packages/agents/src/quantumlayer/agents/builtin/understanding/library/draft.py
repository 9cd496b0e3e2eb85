"""The requirements of a library while they grow."""

import re
import sys
from dataclasses import dataclass, field

from quantumlayer.agents.builtin.understanding.library.reading import Reading
from quantumlayer.agents.builtin.understanding.prompt import Prompt
from quantumlayer.qlayer.noun import slug
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
    Unclear,
)
from quantumlayer.qlayer.requirements.library import LibraryBlock, LibraryDomain

_NOT_UNDERSTOOD = "No rule of the built-in model understands this part; it is not built."
_DOCUMENTATION = (
    "Every public name is typed and documented, and the examples of the documentation run; only "
    "the standard library is needed."
)
_REFUSES = re.compile(r"(?i)\b(?:refuse[sd]?|must|cannot|never|at most|at least)\b")
_TAKEN = frozenset(
    {"tests", "test", "errors", "setuptools", "pytest", "hypothesis", "ruff", "mypy"}
)


@dataclass(slots=True)
class Draft:
    """What has been understood so far of a library's description."""

    prompt: Prompt
    reading: Reading
    items: list[Requirement] = field(default_factory=list)
    blocks: list[tuple[int, LibraryBlock, str]] = field(default_factory=list)
    """Where in the text, the block, and its title."""
    assumptions: list[str] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)

    def require(self, statement: str, source: str = "") -> str:
        """Add a numbered statement; its id."""
        rule = _REFUSES.search(statement) is not None
        return self._add(
            statement, source, RequirementCategory.RULE if rule else RequirementCategory.OPERATION
        )

    def _add(self, statement: str, source: str, category: RequirementCategory) -> str:
        number = f"R{len(self.items) + 1}"
        self.items.append(
            Requirement(
                id=number, category=category, statement=statement[:500], source=source[:2000]
            )
        )
        return number

    def assume(self, text: str) -> None:
        """Note a decision taken where the prompt is silent."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    def finish(self, name: str | None) -> Requirements:
        """The document, with the qualities that every library has and what was not understood."""
        documentation = self._add(_DOCUMENTATION, "", RequirementCategory.QUALITY)
        titles = list(dict.fromkeys(title for _, _, title in self.blocks))
        shown = name or _name_of(titles)
        if self.prompt.language is not Language.PYTHON:
            reason = "Libraries are written in Python."
            self.unclear.append(Unclear(text=self.prompt.language.value, reason=reason))
            self.assume("Written in Python, because libraries in JavaScript are not available.")
        package = package_name(shown)
        return Requirements(
            name=slug(package.replace("_", "-"), fallback="library"),
            title=shown.replace("_", " ").replace("-", " ").capitalize()[:120],
            summary=f"A Python library: {_prose(titles)}."[:2000],
            kind=ApplicationKind.LIBRARY,
            language=Language.PYTHON,
            items=tuple(self.items),
            assumptions=(*self.prompt.assumptions, *self.assumptions),
            not_understood=(
                *self.prompt.not_understood,
                *self.unclear,
                *self.reading.left_over(_NOT_UNDERSTOOD),
            ),
            library=LibraryDomain(
                module=package,
                blocks=tuple(block for _, block, _ in self.blocks),
                documentation_requirement=documentation,
            ),
        )


def _name_of(titles: list[str]) -> str:
    """A short name: "length and weight conversion", "slugs and word wrap", "text toolkit"."""
    ends = {title.rpartition(" ")[2] for title in titles}
    if len(titles) > 1 and len(ends) == 1:
        end = ends.pop()
        starts = [title.removesuffix(end).strip() for title in titles]
        joined = starts[0] if len(starts) > 3 else " and ".join(starts)
        return (
            f"{joined} {end}s"
            if end in {"check", "class"} and len(starts) > 3
            else f"{joined} {end}"
        )
    if len(titles) <= 2:
        return " and ".join(titles)
    return f"{titles[0]} toolkit"


def _prose(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def package_name(text: str) -> str:
    """An importable name for a package that no module has already."""
    words = [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in {"and", "the"}]
    name = "_".join(words)[:40].strip("_")
    if not name or not name[0].isalpha():
        name = f"kit_{name}".strip("_")
    taken = name in sys.stdlib_module_names or name in _TAKEN
    return f"{name}_kit" if taken or len(name) == 1 else name
