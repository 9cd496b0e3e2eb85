"""Writing the zip: the same files give the same bytes, on every machine."""

import io
import zipfile
from collections.abc import Mapping

_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """`files` as a zip: sorted, without times, all rw-r--r--.

    Entries are stored, not deflated: compressors differ from one machine to the next, and what is
    not compressed cannot be a bomb either.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()
