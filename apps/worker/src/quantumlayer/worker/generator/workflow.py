"""A generator at work on one file."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from quantumlayer.qlayer import SourceFile
    from quantumlayer.worker.generator.activities import GeneratorActivities
    from quantumlayer.worker.nouns import FileTask
    from quantumlayer.worker.policies import MODEL


@workflow.defn
class Generator:
    """One planned file → its content, by reference."""

    @workflow.run
    async def run(self, task: FileTask) -> SourceFile:
        """The written file."""
        return await workflow.execute_activity_method(
            GeneratorActivities.write_source_file, task, summary=task.path, **MODEL
        )
