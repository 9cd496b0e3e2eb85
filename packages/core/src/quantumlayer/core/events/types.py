"""The kinds of events. Their names are a contract with every client."""

from enum import StrEnum


class EventType(StrEnum):
    """What happened. The comment names the members of `data`."""

    RUN_STARTED = "run.started"  # prompt, model
    REQUIREMENTS_READY = "requirements.ready"  # title, kind, language, requirements, notUnderstood
    PROMPT_REFUSED = "prompt.refused"  # reason, notUnderstood
    WISH_UNSERVED = "wish.unserved"  # words, nearest, title, waitSeconds
    WISH_DECIDED = "wish.decided"  # decision, by (somebody or default)
    BLUEPRINT_READY = "blueprint.ready"  # files, framework, agents
    AGENT_STARTED = "agent.started"  # agent, item
    AGENT_FINISHED = "agent.finished"  # agent, item, seconds
    MODEL_CALLED = "model.called"  # task, model, inputTokens, outputTokens, costUsd
    FILE_WRITTEN = "file.written"  # path, size, role, origin
    FILE_CHECKED = "file.checked"  # path, tier, errors
    FILES_TIDIED = "files.tidied"  # files with the tools that changed them, notes, round
    DEPENDENCIES_ADDED = "dependencies.added"  # added and left: packages with files; round
    FINDINGS_READY = "findings.ready"  # total, bySeverity
    TESTS_FINISHED = (
        "tests.finished"  # verdict, executed, passed, failed, errors, skipped, coverage
    )
    MUTATION_MEASURED = "mutation.measured"  # score, tried, noticed, unnoticed, reason, round
    DELIVERY_CLIMBED = "delivery.climbed"  # verdict, tier, rungs with tests and pictures, round
    REPAIR_STARTED = "repair.started"  # round, problems
    REPAIR_FINISHED = "repair.finished"  # round, files
    QUALITY_ASSESSED = "quality.assessed"  # verdict, reasons
    CAPSULE_READY = "capsule.ready"  # sha256, size, fileName
    RUN_FINISHED = "run.finished"  # verdict, reason, costUsd
    RUN_CANCELLED = "run.cancelled"  # reason
