"""Checking any project, archive or file: syntax in tiers, findings, tests, one verdict.

async with checker(cache=cache) as checks:
    report = await checks.check(Path("project"))
"""

import lazy_loader

# Names and their types stand in the stub beside; each is loaded when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
