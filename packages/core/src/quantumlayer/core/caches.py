"""Where environments of projects and downloaded tools are kept between runs."""

import os
from pathlib import Path

DEFAULT = Path("~/.cache/quantumlayer")


def cache_folder() -> Path:
    """The folder that QL_CACHE_DIR names, absolute, or the one that is usual.

    Apart from the settings of the platform, which take longer to load than a small test suite. No
    file `.env` is read: it would belong to what is checked, which must not say where the tools that
    judge it come from.
    """
    named = os.environ.get("QL_CACHE_DIR", "").strip()
    place = (Path(named) if named else DEFAULT).expanduser()
    return Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links
