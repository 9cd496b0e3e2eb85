"""What a project that did not pass says of itself where everybody looks first."""

import re
from collections.abc import Mapping

from quantumlayer.qlayer.capsule import layout
from quantumlayer.qlayer.quality import QualityReport
from quantumlayer.qtest import Verdict

_README = "README.md"
_BANNER = re.compile(rb"\A> \*\*This project [^\n]*\n(?:>[^\n]*\n)+\n")


def with_banner(project: Mapping[str, bytes], quality: QualityReport) -> dict[str, bytes]:
    """The project (path → content), its README beginning with a verdict other than `passed`."""
    if quality.verdict is Verdict.PASSED:
        return dict(project)
    name = next((path for path in project if path.lower() == "readme.md"), _README)
    verdict = quality.verdict.value.replace("_", " ")
    what = "lacks something" if quality.verdict is Verdict.INCOMPLETE else "did not pass its checks"
    reasons = "".join(f"> - {_one_line(reason)}\n" for reason in quality.reasons)
    banner = (
        f"> **This project {what}. Verdict: {verdict}.**\n>\n{reasons}>\n"
        f"> Details: [{layout.QUALITY_PAGE}]({layout.QUALITY_PAGE})\n\n"
    )
    rest = project.get(name, f"# {_one_line(quality.title)}\n".encode())
    return {**project, name: banner.encode() + rest}


def without_banner(path: str, content: bytes) -> bytes:
    """A file as it was before that was put before it: only a README begins so."""
    return _BANNER.sub(b"", content) if path.lower() == "readme.md" else content


def _one_line(text: str) -> str:
    return " ".join(text.replace("<", "&lt;").split())
