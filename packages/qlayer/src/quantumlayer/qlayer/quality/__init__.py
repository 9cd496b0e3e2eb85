"""Quality: the evidence on a project, the bar, the verdict, and the report."""

import lazy_loader

# Names and their types stand in the stub beside; each is loaded when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
