"""What the page of the sandbox says of software that is started as it is delivered."""

from quantumlayer.qtest import Limits
from quantumlayer.qtest.delivered.build_steps import SHIMMED
from quantumlayer.qtest.delivered.layers import (
    LARGEST_LAYER,
    LARGEST_STORE,
    LONGEST_LIFE_SECONDS,
)
from quantumlayer.qtest.delivered.model import BUILD_LIMITS, START_LIMITS
from quantumlayer.qtest.model import MIB
from tests.packages.qtest.environments.attempts.page import table

DELIVERED = """\
`check --delivered`, and every run of the platform, also build and start what a Dockerfile says
(`packages/qtest/src/quantumlayer/qtest/delivered/`). Everything of the project runs in a container
within a sandbox: the outer sandbox, as above, holds a program of ours and one work folder; the
inner one has the image as its root, namespaces of its own for users, processes and mounts, the
filter of system calls, and no capability. Both share one empty network, by which our program calls
the application, which sees neither that program nor its files.

- **Build steps** (`RUN`) run as root in name only, with the image's root writable. They reach
  registries only where they call an installer, by the same proxy as [installing](#installing), and
  see no credential. {shims}
  only note there who should own what. Packages of a distribution, downloads from elsewhere and base
  images that nothing here stands for are not tried: what hangs on them is unknown.
- **The application** runs with the image's user, environment and command, without any network but
  its own loopback. Its root can be written to where its user owns something of it, or nothing where
  the manifests say so; volumes and temporary folders lie in the work folder, which has a size.
  What the image keeps from its user is kept from it here, too, where one user owns all of it.
- **Base images** are this machine's toolchains, mounted read-only, beside an essential
  distribution's programs. Nothing else of the host is there.
- **What the application says** is data: answers and logs are bounded, no redirect is followed, and
  no address that it names is called.
- **Pages are looked at by Chromium in a sandbox of its own**, on whose loopback one port leads to
  the application by a socket, and nothing anywhere else. It sees its program, the machine's fonts,
  axe-core and our programs, one of which drives it by a pair of pipes, so nothing in a page can.
  Its own sandbox is off, since ours allows no namespaces. What comes out are signed records and
  pictures with a size. Windows are closed, downloads refused, dialogs answered, service workers
  passed by; a page that holds the browser is left, and one that takes too much ended.
- **What took long is kept** below `QL_CACHE_DIR` by everything that it was made from: the base, all
  instructions before it, copied files, limits, registries and our own sources. So a project finds
  there only what it would have made itself. A layer has at most {layer} MiB, all of them {store}
  MiB, none is older than {days} days, and files alone are kept: no pipes, sockets or devices.
- **In pods** that may not use bubblewrap nothing is started: what is delivered is not known there,
  and no run of software that can be started is `passed`.
- **Its folder** belongs to a host user who exists for this delivery alone, and is gone afterwards;
  what a builder that was killed has left, the next one removes.
"""


def delivered_parts() -> list[str]:
    """The sections of the page."""
    text = DELIVERED.format(
        shims=", ".join(f"`{name}`" for name in SHIMMED),
        layer=LARGEST_LAYER // MIB,
        store=LARGEST_STORE // MIB,
        days=round(LONGEST_LIFE_SECONDS / 86_400),
    )
    return ["## Software as it is delivered\n", text, table(
        ("limit", "of a build step", "of an application"), rows(BUILD_LIMITS, START_LIMITS)
    )]  # fmt: skip


def rows(build: Limits, start: Limits) -> list[tuple[str, ...]]:
    of_start = start.model_dump()
    return [(name, f"{value:,}", f"{of_start[name]:,}")
            for name, value in build.model_dump().items()]  # fmt: skip
