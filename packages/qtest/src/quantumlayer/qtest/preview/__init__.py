"""Software as it is delivered, for a person to try: started in the sandbox, reached by a browser.

`previewed` starts a `Delivery` and gives its address, what it says, and why it has ended.
"""

from quantumlayer.qtest.preview.address import Address
from quantumlayer.qtest.preview.data import DataRefused
from quantumlayer.qtest.preview.previewing import Bounds, CannotPreview, End, Preview, previewed

__all__ = [
    "Address",
    "Bounds",
    "CannotPreview",
    "DataRefused",
    "End",
    "Preview",
    "previewed",
]
