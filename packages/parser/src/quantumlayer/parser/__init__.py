"""Tree-sitter: languages, syntax diagnostics, structure, metrics; linters' findings.

async with Parser() as parser:
    analyses = await parser.analyze([SourceText(path="a.py", content="x = (")])
findings = await lint(Path("project"))
"""

import lazy_loader

# Names and their types stand in the stub beside; each is loaded when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
