"""What a project delivers, read from its own files: one truth for image, manifests and check.

The Dockerfile says what is built and started, the manifests of Kubernetes how it is run: its
probes, port, user, root, environment, volumes and instances. Without manifests it is the image's
own health check, ports and volumes, and a compose file's environment, command and volumes.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from quantumlayer.manifests import (
    FilesOnDisk,
    Malformed,
    NotUnderstood,
    ProjectFiles,
    Workload,
    compose_companions,
    compose_workload,
    kubernetes_workload,
)
from quantumlayer.qlayer.browser_tests import browser_tests_of
from quantumlayer.qlayer.front_pages import (
    DOCKERFILES,
    asks_for_dark,
    front_pages,
    requirements_of,
)
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import Stack, fitting
from quantumlayer.qtest.delivered import (
    CannotTell,
    Climb,
    Delivery,
    Outcome,
    Promises,
    Rung,
    RungResult,
    SecretFile,
    Tier,
    TypeCheck,
    Visit,
    Visited,
    Volume,
    climb,
    promises_of,
    starter_for,
    visited,
)

CONTRACT = "/openapi.json"
# Languages that run whatever their types are.
CHECKED_APART = frozenset({"python", "javascript", "typescript"})
# Nothing of ours is as slow as a cluster may be, and nobody waits for longer.
SHORTEST_START_SECONDS = 30.0
LONGEST_START_SECONDS = 120.0
LONGEST_GRACE_SECONDS = 30.0


class NoDockerfile(Exception):  # noqa: N818 - it says what is missing
    """A project has nothing that could be built and started; says what is missing."""


def delivery_of(folder: Path, requirements: Requirements | None = None) -> Delivery:
    """What to start of a project, and what its `requirements` ask of pages.

    Where none are given, a capsule's own are taken.

    Raises NoDockerfile, Malformed for what no platform takes, NotUnderstood for what we do not.
    """
    files = FilesOnDisk(folder)
    name = dockerfile_of(files)
    promises = promises_of((files.content(name) or b"").decode(errors="replace"), name)
    beside, notes = compose_companions(files), list[str]()
    try:
        workload = kubernetes_workload(files)
    except NotUnderstood as error:
        workload = None
        notes.append(f"The manifests were left out: {error}")
    if workload is not None:
        delivery = by_workload(folder, name, workload)
    else:
        delivery = by_image(folder, name, promises, compose_workload(files), notes)
    fit = fitting(files)
    front = front_pages(files, fit, promises.sources)
    return delivery.model_copy(
        update={
            "companions": tuple(dict.fromkeys((*delivery.companions, *beside))),
            "contract": contract_of(fit),
            "pages": front.promised,
            "page_file": front.file,
            "page_places": front.places,
            "page_words": front.words if not beside else "",
            "dark": asks_for_dark(requirements or requirements_of(files)),
            "types": type_check_by(fit[0]) if fit else None,
            "browser_tests": browser_tests_of(files, fit),
        }
    )


def contract_of(fit: Iterable[Stack]) -> str:
    """Where the service describes its routes, if it does: as its stack has it."""
    named = (one.delivery.contract for one in fit if one.delivery is not None)
    return next(filter(None, named), CONTRACT)


def type_check_by(stack: Stack) -> TypeCheck | None:
    """How a stack checks types; None where its tests compile what they run."""
    language, *_ = stack.languages
    if language not in CHECKED_APART:
        return None
    return TypeCheck(language=language, commands=stack.commands.type_check)


def dockerfile_of(files: ProjectFiles) -> str:
    """The path of the project's Dockerfile. Raises NoDockerfile."""
    paths = list(files.paths())
    found = next((name for name in DOCKERFILES if name in paths), None)
    if found is not None:
        return found
    others = [path for path in paths if path.rpartition("/")[2] in DOCKERFILES]
    elsewhere = f" There is {others[0]}: name the folder that it belongs to." if others else ""
    raise NoDockerfile(
        "Nothing can be started as it is delivered: there is no Dockerfile at the top of the "
        f"project.{elsewhere}"
    )


def by_image(
    folder: Path,
    dockerfile: str,
    promises: Promises,
    composed: Workload | None,
    notes: Sequence[str],
) -> Delivery:
    """A delivery of which the image says what is promised, and perhaps compose how it is run."""
    run = by_workload(folder, dockerfile, composed) if composed else Delivery(folder=folder)
    lasting = (*promises.volumes, *(one.path for one in run.volumes))
    return run.model_copy(
        update={
            "dockerfile": dockerfile,
            "serves": promises.serves,
            "probes": promises.probes,
            "asked_port": promises.asked_port,
            "volumes": tuple(Volume(path=path) for path in dict.fromkeys(lasting)),
            "notes": (*run.notes, *notes),
        }
    )


def by_workload(folder: Path, dockerfile: str, workload: Workload) -> Delivery:
    """A delivery that a cluster runs."""
    start = min(max(workload.start_seconds, SHORTEST_START_SECONDS), LONGEST_START_SECONDS)
    return Delivery(
        folder=folder,
        dockerfile=dockerfile,
        entrypoint=workload.command or (),
        command=workload.arguments or (),
        serves=workload.serves,
        user=workload.user,
        environment=workload.environment,
        secret_files=tuple(SecretFile(path=one.path, content=one.content)
                           for one in workload.files),
        port=workload.port,
        probes=workload.probes,
        commands=workload.commands,
        otherwise=workload.otherwise,
        not_root=workload.not_root,
        memory_bytes=workload.memory_bytes,
        read_only=workload.read_only,
        temporary=tuple(one.path for one in workload.volumes if not one.lasting),
        volumes=tuple(Volume(path=one.path, granted=workload.group_of_volumes)
                      for one in workload.volumes if one.lasting),
        instances=max(1, workload.replicas),
        made_up=workload.made_up,
        companions=workload.companions,
        notes=workload.unknown,
        start_seconds=start,
        grace_seconds=min(max(workload.grace_seconds, 1.0), LONGEST_GRACE_SECONDS),
    )  # fmt: skip


async def climb_folder(
    folder: Path,
    cache: Path,
    watch: Callable[[Rung], None] | None = None,
    requirements: Requirements | None = None,
    tier: Tier = Tier.SANDBOX,
) -> Climb:
    """What is found out of a project as it is delivered. Raises NoDockerfile alone.

    `watch` is told of each rung that is begun. `requirements` as in `delivery_of`, `tier` as in
    `starter_for`: why it is not the better one is among the notes.
    """
    try:
        delivery = await asyncio.to_thread(delivery_of, folder, requirements)
        starter, why = await starter_for(tier, delivery, cache)
        notes = (*delivery.notes, *filter(None, [why]))
        return await climb(delivery.model_copy(update={"notes": notes}), starter, watch)
    except Malformed as error:
        return ended_at_once(Outcome.BROKEN, str(error))
    except (NotUnderstood, CannotTell) as error:
        return ended_at_once(Outcome.UNKNOWN, str(error))


async def visit_folder(
    folder: Path, cache: Path, visit: Visit, tier: Tier = Tier.SANDBOX
) -> Visited:
    """What a project says and shows when it is started as it is delivered and tried."""
    try:
        delivery = await asyncio.to_thread(delivery_of, folder)
        starter, _ = await starter_for(tier, delivery, cache)
    except (NoDockerfile, Malformed, NotUnderstood, CannotTell) as error:
        return Visited(trouble=str(error))
    return await visited(delivery, starter, visit)


def ended_at_once(outcome: Outcome, reason: str) -> Climb:
    """A climb that did not come to the first rung's end."""
    ended = RungResult(rung=Rung.BUILD, outcome=outcome, reason=reason)
    return Climb(
        tier="",
        rungs=tuple(
            ended if rung is ended.rung else RungResult(rung=rung, outcome=Outcome.SKIPPED)
            for rung in Rung
        ),
    )
