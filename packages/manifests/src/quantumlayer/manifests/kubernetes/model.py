"""What a cluster does with an application, as far as the application can notice."""

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MountedVolume(_Part):
    """A folder that the cluster mounts. `lasting`: it outlives the pod; else it begins empty."""

    path: str
    lasting: bool


class MountedFile(_Part):
    """A file that the cluster mounts read-only, from a ConfigMap or a Secret of the project."""

    path: str
    content: str


class Workload(_Part):
    """What runs in a cluster, with the container that answers. `serves`: it is there to be called.

    `user` is empty where the image decides; `group_of_volumes` says that volumes are given to the
    user's group. `command` stands for the image's entry point, `arguments` for its command; None
    where they are the image's own. `probes` are the paths that are asked by HTTP, at `port`.
    `commands` are run within the container by probes, and `otherwise` says which probes are asked
    in ways that are not spoken here. `not_root`: the cluster starts nothing as root. `memory_bytes`
    is what it may use, None where nothing is said.
    `made_up` names variables whose values are not in the project, `companions` what else runs
    beside it. `unknown` are sentences on what the project's files do not tell.
    """

    name: str
    path: str
    serves: bool = True
    replicas: int = 1
    user: str = ""
    group_of_volumes: bool = False
    read_only: bool = False
    command: tuple[str, ...] | None = None
    arguments: tuple[str, ...] | None = None
    environment: tuple[tuple[str, str], ...] = ()
    port: int | None = None
    probes: tuple[str, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    otherwise: tuple[str, ...] = ()
    not_root: bool = False
    memory_bytes: int | None = None
    start_seconds: float = 0.0
    grace_seconds: float = 30.0
    volumes: tuple[MountedVolume, ...] = ()
    files: tuple[MountedFile, ...] = ()
    made_up: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
