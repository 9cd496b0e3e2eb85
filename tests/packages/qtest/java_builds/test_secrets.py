"""What the deployment keeps for its registries is not left where tests can read it."""

from pathlib import Path

from quantumlayer.qtest.environments import prepare_environment
from tests.packages.qtest.java_builds.projects import maven


async def test_an_environment_holds_no_settings_of_the_deployment(
    tmp_path: Path, cache: Path
) -> None:
    for name, content in maven().items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    environment = await prepare_environment(tmp_path, "java", cache)
    shown = [mount.source for mount in environment.mounts if mount.source.is_relative_to(cache)]
    assert any(folder.name == "jars" for folder in shown)
    for folder in shown:
        assert not [path for path in folder.rglob("*") if path.name == "settings.xml"]
        assert {path.suffix for path in folder.rglob("*") if path.is_file()} <= {
            ".jar", ".class", ".java",
        }  # fmt: skip
