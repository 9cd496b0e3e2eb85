"""What the page of the sandbox says of images that are built and run as they are delivered."""

from quantumlayer.qtest.delivered.images.base_images import FOLDER, LIMITS, MISSED_SECONDS
from quantumlayer.qtest.delivered.images.settings import CAPABILITIES, REGISTRIES
from quantumlayer.qtest.delivered.user_range import USERS
from quantumlayer.qtest.model import MIB
from quantumlayer.qtest.payload.step_container import IN_MEMORY_BYTES

IMAGES = """\
Where it is chosen (`--tier image` or `auto`, `QL_DELIVERY_TIER` for the platform), the
Dockerfile is built unchanged by buildah and started by runc (`qtest/delivered/images/`). `auto`
takes the sandbox, and says why, where the two programs are missing, where no container can be
made with them, or where a base image cannot be had. **The default is `sandbox`**: unasked, no
step of a stranger's build is given more than the sandbox gives.

What a step may do more, and what still holds it:

- **buildah, runc and all that they start are root of a user namespace**, never of the machine.
  Its {users:,} users are host users that own nothing else: numbers that no system hands out
  where root starts it, the range in `/etc/subuid` for anybody else, whose own user is then root
  inside. So a step can `chown`, `apt-get install` and become other users of its image, by these
  capabilities over that namespace: {capabilities}. In the sandbox it has none, so more of the
  kernel can be reached: who does not trust the kernel's user namespaces stays with the sandbox.
- **Around them stands the outer sandbox** with its namespaces, an empty network and the same few
  files of the host, its limits and its watchdog; the namespaces of processes, network and mounts
  belong to the user namespace. When it ends, so does everything in it: no daemon, no mount, no
  network, no cgroup and no container outlives it, however it ends, and the work folder is
  removed, by the next build where the builder was killed.
- **Each step and the application are in a container of runc within it**: a root, processes,
  mounts and IPC of their own, `no_new_privs`, and [the sandbox's
  filter](#what-the-filter-refuses). They see neither the work folder nor our programs. Of
  cgroups a step sees one that it cannot write to.
- **The network of all steps** is the sandbox's loopback. Where words of any step call an
  installer, a door leads to the registries of these tools for as long as the build takes, and
  with `apt-get` or `apk` to the archives that the official base image itself names, if they lie
  outside; others are named in `QL_REGISTRY_HOSTS`. A build that fails and has asked for anything
  else is unknown. No credential is shown, and what tells steps of the registries never gets into
  the image. The application has no network but the loopback.
- **Base images** come from the operator's own store (`buildah pull` puts them there), or from
  where `registries.conf` says (`{registries}` names another). Names are the project's choice:
  they are fetched by buildah alone, in the sandbox, from those registries and from public
  addresses, never from one within the deployment's network that nobody named. They lie below
  `{folder}` in `QL_CACHE_DIR`, at most {store} MiB, are read-only for builds, and stay until
  somebody removes them. What could not be had is not asked for by `auto` for {missed:.0f}
  minutes. Layers are not kept: each build begins anew, in a store of its own that is gone with
  it.
- **The limits are those of the table above**, for a whole build together; file systems in memory
  that a step asks for share {in_memory} MiB; a promised memory limit is held by the watchdog, as
  in the sandbox.

Without a registry an operator makes a base image, under the name that Dockerfiles ask for:

    mmdebstrap --variant=minbase --include=python3,python3-pip bookworm base.tar
    container=$(buildah from scratch) && buildah add "$container" base.tar /
    buildah commit "$container" docker.io/library/python:3.11-slim

Not done here: Java behind a proxy that brings certificates of its own, credentials of private
registries, previews, which are played in the sandbox.
"""


def image_parts() -> list[str]:
    """The section of the page."""
    text = IMAGES.format(
        users=USERS,
        capabilities=", ".join(f"`{name}`" for name in CAPABILITIES),
        registries=REGISTRIES,
        folder=FOLDER,
        store=LIMITS.disk_bytes // MIB,
        in_memory=IN_MEMORY_BYTES // MIB,
        missed=MISSED_SECONDS / 60,
    )
    return ["## Images as they are delivered\n", text]
