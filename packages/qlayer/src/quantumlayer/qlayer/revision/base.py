"""What a revision begins with: a tree, and what is known of it."""

from quantumlayer.qlayer.blueprint import Blueprint
from quantumlayer.qlayer.noun import Noun, Slug
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements
from quantumlayer.qlayer.source_tree import SourceTree

USER = "user"
"""The origin of files that a user changed or brought: nobody tidies them."""


class HandEdits(Noun):
    """The paths of what was changed by hand since a capsule was made."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them, by path."""
        return tuple(sorted((*self.added, *self.changed, *self.removed)))


class Base(Noun):
    """The version that is changed.

    `requirements` and `blueprint` are those that it was made from; None of a project of somebody
    else, of which only what is read off its files is known. `notes` tell what was left out of it.
    `run_id` is the run that made it, as its capsule says; None where nothing says so.
    """

    name: Slug
    title: str
    summary: str = ""
    kind: ApplicationKind
    language: Language
    framework: str = ""
    tree: SourceTree
    requirements: Requirements | None = None
    blueprint: Blueprint | None = None
    edits: HandEdits = HandEdits()
    notes: tuple[str, ...] = ()
    run_id: str | None = None

    @property
    def is_imported(self) -> bool:
        """Whether somebody else began it: then nothing is held against it but what is new."""
        return self.blueprint is None or self.blueprint.imported
