"""Packages that offer parts of their own, as an installer leaves them in a folder."""

from collections.abc import Mapping
from pathlib import Path

_SOURCE = '''"""A model of somebody else's."""

from quantumlayer.router import ProviderReply, ProviderRequest, ProviderTraits


class {name}:
    name = "{name}"
    traits = ProviderTraits(metered=False)

    async def call(self, request: ProviderRequest) -> ProviderReply:
        return ProviderReply(
            text="{{}}", finish_reason="stop", input_tokens=0, output_tokens=0, model=self.name
        )

    def warm_up(self) -> None:
        pass

    def locks(self) -> tuple[str, ...]:
        return ("",)

    def runtime_locks(self) -> tuple[str, ...]:
        return ()
'''


def install_model(folder: Path, package: str, model: str, *, source: str | None = None) -> None:
    """Puts the package `package` into `folder`, which offers `model`; `source` instead of ours."""
    text = _SOURCE.format(name=model.title()) if source is None else source
    install(folder, package, "quantumlayer.models", {model: model.title()}, text)


def install(folder: Path, package: str, group: str, offers: Mapping[str, str], source: str) -> None:
    """Puts a package of one module into `folder`; `offers` are entry points and their objects."""
    module = package.replace("-", "_")
    (folder / f"{module}.py").write_text(source)
    told = folder / f"{module}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    points = "".join(f"{name} = {module}:{target}\n" for name, target in offers.items())
    (told / "entry_points.txt").write_text(f"[{group}]\n{points}")
