"""Who may read what: on this machine one user owns all files of an image, and runs it, too."""

from quantumlayer.qtest.delivered.build_steps import Workshop
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.image import Image
from quantumlayer.qtest.delivered.model import Delivery


async def withhold(
    workshop: Workshop, image: Image, delivery: Delivery, *, group: int, home: str
) -> None:
    """Keep from the user of an application what the image keeps from everybody but root.

    What was given to anybody is left as it is, as are volumes and the user's `home`. Nothing that
    comes later can be made from the image. Raises CannotTell.
    """
    given = (one.path for one in image.given)
    volumes = (*image.volumes, *(one.path for one in delivery.volumes))
    mounted = (mount.target for mount in image.base.mounts)
    ours = {str(path) for target in mounted for path in (target, *target.parents)}
    step = {"do": "withhold", "root": image.root, "group": group == 0,
            "kept": [*given, *volumes, home], "ours": sorted(ours)}  # fmt: skip
    (answer,) = await workshop.files([step])
    if "wrong" in answer:
        raise CannotTell(f"Who may read what in the image is not known: {answer['wrong']}")
