"""The kinds of events. Their names are a contract with every client."""

from enum import StrEnum


class EventType(StrEnum):
    """What happened. The comment names the members of `data`."""

    RUN_STARTED = "run.started"  # prompt, model, notes (what to know before, in sentences)
    BASE_READ = "base.read"  # title, language, files (how many), imported, edits (paths), notes
    BASELINE_TESTED = "baseline.tested"  # verdict, reason, executed, failing (names)
    CHANGE_READY = "change.ready"  # added, changed, removed: id, statement (before); kept: ids
    REVISION_MADE = "revision.made"  # requirements (counts), files (each with its lines), edits
    REQUIREMENTS_READY = "requirements.ready"  # title, kind, language, requirements, notUnderstood
    PROMPT_REFUSED = "prompt.refused"  # reason, notUnderstood
    WISH_UNSERVED = "wish.unserved"  # words, nearest, title, waitSeconds
    WISH_DECIDED = "wish.decided"  # decision, by (somebody or default)
    MEMORY_RECALLED = (
        "memory.recalled"  # examples (each runId, title), reason (why none was looked for)
    )
    BLUEPRINT_READY = "blueprint.ready"  # files, framework, stack, agents, notes
    SKELETON_CHECKED = "skeleton.checked"  # files (how many), complaints, unknown (why), round
    AGENT_STARTED = "agent.started"  # agent, item
    AGENT_FINISHED = "agent.finished"  # agent, item, seconds
    # step, model, inputTokens (of which cachedTokens, cacheWrittenTokens), outputTokens (of which
    # reasoningTokens), costUsd, priced (false: costUsd says nothing), seconds, firstTokenSeconds
    MODEL_CALLED = "model.called"
    FILE_WRITTEN = "file.written"  # path, size, role, origin
    FILE_MISSING = "file.missing"  # path, role, problems
    FILE_NOTED = "file.noted"  # path, note, by (the files whose writer said it)
    FILE_CHECKED = "file.checked"  # path, tier, errors
    FILES_TIDIED = "files.tidied"  # files with the tools that changed them, notes, round
    DEPENDENCIES_ADDED = "dependencies.added"  # added and left: packages with files; round
    FINDINGS_READY = "findings.ready"  # total, bySeverity
    TESTS_FINISHED = (
        "tests.finished"  # verdict, executed, passed, failed, errors, skipped, coverage
    )
    MUTATION_MEASURED = "mutation.measured"  # score, tried, noticed, unnoticed, reason, round
    TESTS_STAYED = "tests.stayed"  # reason (why stronger tests that were written are not taken)
    DELIVERY_CLIMBED = "delivery.climbed"  # verdict, tier, rungs with tests and pictures, round
    REPAIR_STARTED = "repair.started"  # round, problems
    REPAIR_FINISHED = "repair.finished"  # round, files
    # turn, steps (so far), calls (each tool, about, failed), files (that it changed)
    INTEGRATOR_STEPPED = "integrator.stepped"
    TEST_CONTRADICTED = "test.contradicted"  # path, requirement, turn
    INTEGRATION_FINISHED = "integration.finished"  # granted, steps, verifications, reason
    # reading (its number), remarks: each path, line, requirement, weight, problem, scenario
    REVIEW_FINISHED = "review.finished"
    QUALITY_ASSESSED = "quality.assessed"  # verdict, reasons
    CAPSULE_READY = "capsule.ready"  # sha256, size, fileName
    MEMORY_KEPT = "memory.kept"  # title
    RUN_FINISHED = "run.finished"  # verdict, reason, costUsd
    RUN_CANCELLED = "run.cancelled"  # reason
