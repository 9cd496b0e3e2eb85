"""A generator, or the tester as a writer, at work on some files."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.qlayer import SourceFile
    from quantumlayer.worker.generator.activities import GeneratorActivities
    from quantumlayer.worker.generator.nouns import Drafted, DraftTask
    from quantumlayer.worker.nouns import FileTask
    from quantumlayer.worker.policies import MODEL


@workflow.defn
class Generator:
    """Planned files → their contents, by reference."""

    @workflow.run
    async def run(self, task: DraftTask | FileTask) -> Drafted | SourceFile:
        """The written files; one file for runs from before they came in batches."""
        if isinstance(task, FileTask):
            return await workflow.execute_activity_method(
                GeneratorActivities.write_source_file, task, summary=task.path, **MODEL
            )
        return await workflow.execute_activity_method(
            GeneratorActivities.write_drafts, task, summary=", ".join(task.paths)[:200], **MODEL
        )
