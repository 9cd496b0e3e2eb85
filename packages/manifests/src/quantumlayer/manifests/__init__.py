"""What a project declares: dependencies, toolchains, workspaces; read, never run.

The one room that knows the manifests of each ecosystem. Whoever installs, checks imports or looks a
name up in a registry asks here.
"""

import lazy_loader

# Names and their types stand in the stub beside; each is loaded when it is first used.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
