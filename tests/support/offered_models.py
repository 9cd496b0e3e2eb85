"""Packages that offer models of their own, as an installer leaves them in a folder."""

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
    module = package.replace("-", "_")
    text = _SOURCE.format(name=model.title()) if source is None else source
    (folder / f"{module}.py").write_text(text)
    told = folder / f"{module}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(
        f"[quantumlayer.models]\n{model} = {module}:{model.title()}\n"
    )
