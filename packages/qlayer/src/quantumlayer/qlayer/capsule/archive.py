"""Writing the zip: the same files give the same bytes, on every machine."""

import io
import zipfile
from collections.abc import Collection, Mapping

_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE, _PROGRAM = 0o100644, 0o100755


def write_archive(files: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """`files` as a zip: sorted, without times, `programs` rwxr-xr-x, all others rw-r--r--.

    Entries are stored, not deflated: compressors differ from one machine to the next, and what is
    not compressed cannot be a bomb either.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = _UNIX
            entry.external_attr = (_PROGRAM if name in programs else _PLAIN_FILE) << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()
