"""The capsule: a project with all that is known of it, in one signed, reproducible zip."""

import lazy_loader

# Names and their types stand in the stub beside; each is loaded when it is first used: what writes
# bills of materials and signs is of no use to who only asks how a capsule is laid out.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
