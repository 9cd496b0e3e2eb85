"""The previewer: shows what a run has made to whoever may see the run."""
