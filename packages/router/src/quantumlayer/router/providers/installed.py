"""The models that installed packages offer to run inside this process."""

from importlib.metadata import EntryPoint, entry_points

from quantumlayer.core.models import ENTRY_POINTS
from quantumlayer.router.providers.protocol import InProcessModel


def installed_models() -> dict[str, InProcessModel]:
    """Name → model, made anew.

    Raises RuntimeError that names a model which cannot be loaded, or which two packages offer: a
    worker that leaves one out in silence would end runs for no visible reason.
    """
    models: dict[str, InProcessModel] = {}
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name in models:
            raise RuntimeError(f"two installed packages offer the model {entry.name!r}; remove one")
        models[entry.name] = _made(entry)
    return models


def _made(entry: EntryPoint) -> InProcessModel:
    try:
        model: InProcessModel = entry.load()()
    except Exception as error:
        package = entry.dist.name if entry.dist else entry.value
        raise RuntimeError(
            f"the model {entry.name!r} of {package} cannot be loaded"
            f" ({type(error).__name__}: {error}); mend or remove that package"
        ) from error
    return model
