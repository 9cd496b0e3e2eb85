"""The TypeScript SDK: its own checks, its behaviour before real gateways, and what is published."""

import asyncio
import json
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from quantumlayer.gateway.audit import read_segment
from tests.support.gateway import KEY, hashed
from tests.support.gateway_process import free_port, gateway_process
from tests.support.model_server import (
    Break,
    DroppedReply,
    ErrorReply,
    ModelServer,
    PoliteEnd,
    RawReply,
    ScriptedReply,
    Silence,
    StreamError,
    TextReply,
)
from tests.support.node_package import ROOT, NodePackage

pytestmark = pytest.mark.slow

SDK = NodePackage(ROOT / "sdk" / "typescript")
SLOW_KEY = "ql_" + "s" * 43
CONFIGURATION = """\
state: STATE
providers:
  one: {base_url: "ONE", api_key: sk-one}
  two: {base_url: "TWO", api_key: sk-two}
models:
  fast: {deployments: [{model: one/fast}]}
  cached: {deployments: [{model: one/cached}]}
  late: {deployments: [{model: one/late}]}
  slow: {deployments: [{model: one/slow}]}
  switching: {strategy: in_order, deployments: [{model: one/down}, {model: two/up}]}
organisations:
  acme:
    keys:
      ci: {hash: "KEY"}
      slow: {hash: "SLOW", rates: {requests_a_minute: 1}}
cache: {seconds: 60}
"""
LONG = "A long answer: " + "one word after another, " * 20
LATER = 14  # characters: after the first words of LONG


def told(model: str, *happenings: Break | PoliteEnd | Silence | StreamError) -> TextReply:
    return TextReply(model=model, content=LONG, on_the_way=happenings, times=None)


def refused(model: str, status: int, **more: str) -> ErrorReply:
    return ErrorReply(model=model, status=status, times=None, **more)


PROVIDER: list[ScriptedReply] = [
    TextReply(model="fast", content="Hello, Ada.", times=None),
    TextReply(model="cached", content="Hello, Ada.", times=None),
    TextReply(model="late", content="Better late.", delay_seconds=1.0),
    told("slow", Silence(after=LATER)),
    refused("down", 503),
]
SECOND_PROVIDER = [TextReply(model="up", content="The second provider.", times=None)]
TROUBLED: list[ScriptedReply] = [
    ErrorReply(model="busy-once", status=429, retry_after="1"),
    TextReply(model="busy-once", content="At your service."),
    ErrorReply(model="recovers", status=503),
    ErrorReply(model="recovers", status=429, retry_after="1"),
    TextReply(model="recovers", content="At your service."),
    refused("busy-for-long", 429, retry_after="60"),
    refused("busy-for-a-while", 429, retry_after="60"),
    refused("refuses-key", 401, message="no such key"),
    refused("overloaded", 529),
    RawReply(model="html", status=502),
    DroppedReply(model="drops", content="A long answer", after_bytes=40),
    RawReply(model="error-inside", content_type="application/json",
             body='{"error": {"message": "no GPU is free", "code": 503}}'),
    *(refused(f"status-{status}", status) for status in (400, 402, 403, 404, 422)),
    told("error-first", StreamError(type="overloaded_error")),
    told("too-long", StreamError(type="invalid_request_error", code="context_length_exceeded")),
    told("ends-early", PoliteEnd()),
    told("breaks-early", Break()),
    told("silent", Silence()),
    told("hangs", Silence()),
    told("breaks-later", Break(after=LATER)),
    told("ends-later", PoliteEnd(after=LATER)),
    told("error-later", StreamError(after=LATER)),
    told("silent-later", Silence(after=LATER)),
    told("refused-later", StreamError(after=LATER, type="invalid_request_error",
                                      code="content_filter", message="not a word more")),
    TextReply(model="fine", content="At your service.", times=None),
]  # fmt: skip
SOUND = [TextReply(content="The sound one.", times=None)]


@pytest.fixture(scope="module", autouse=True)
async def installed() -> None:
    await SDK.prepare()


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """Everything that `tests/gateway/servers.ts` wants to know of, by its name there."""
    async with AsyncExitStack() as stack:
        replies = (PROVIDER, SECOND_PROVIDER, TROUBLED, SOUND)
        models = [await stack.enter_async_context(ModelServer(each)) for each in replies]
        one, two, troubled, sound = (each.base_url for each in models)
        configuration = (
            CONFIGURATION.replace("ONE", one).replace("TWO", two).replace("SLOW", hashed(SLOW_KEY))
        )
        gateway, other, mortal = await asyncio.gather(
            *(
                stack.enter_async_context(gateway_process(tmp_path / name, configuration))
                for name in ("gateway", "other", "mortal")
            )
        )
        given = {
            "GATEWAY": gateway.base_url,
            "OTHER_GATEWAY": other.base_url,
            "MORTAL_GATEWAY": mortal.base_url,
            "MORTAL_PID": str(mortal.process.pid),
            "PROVIDER": one,
            "TROUBLED": troubled,
            "SOUND": sound,
            "NOBODY": f"http://127.0.0.1:{free_port()}/v1",
            "KEY": KEY,
            "SLOW_KEY": SLOW_KEY,
        }
        yield {f"QL_SDK_{name}": value for name, value in given.items()}


async def test_it_is_formatted_linted_and_typed() -> None:
    await SDK.run("npm", "run", "lint")


async def test_it_falls_back_between_real_gateways_and_providers(
    servers: dict[str, str], tmp_path: Path
) -> None:
    said = await SDK.run("npm", "test", "--", "tests/gateway", **servers)
    assert "tests/unit/turns.test.ts" in said
    assert "tests/gateway/falling-back.test.ts" in said
    segments = (tmp_path / "gateway" / "state" / "audit").glob("*.audit")
    rows = [row for segment in segments for row in read_segment(segment)]
    assert ("sdk-run", "src/a.ts") in {(row.run, row.file) for row in rows}


CONSUMER = """\
import {
  answeredBy, BrokenAnswer, createClient, type Fallback, type Options,
} from '@quantumlayer/sdk';

const options: Options = {
  gateways: [{ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'ql_1' }],
  onFallback: ({ failure, next }: Fallback) => console.log(failure.endpoint, next),
};
const client = createClient(options);
console.log(client.baseURL, new BrokenAnswer('a', 'b', 'c').received);

export async function asked(): Promise<string | undefined> {
  const asking = client.chat.completions.create({ model: 'fast', messages: [], stream: true });
  const { data, response } = await asking.withResponse();
  for await (const chunk of data) console.log(chunk.choices[0]?.delta.content);
  return answeredBy(response).endpoint;
}
// @ts-expect-error It is typed: an address is no list.
export const wrong: Options = { gateways: 'http://127.0.0.1:9/v1' };
// @ts-expect-error What OpenAI's client gives is typed as well.
export const listed = (): string => client.models.list();
"""
SETTINGS = {
    "compilerOptions": {
        "target": "ES2023", "module": "NodeNext", "strict": True, "skipLibCheck": True,
        "exactOptionalPropertyTypes": True, "types": [], "lib": ["ES2023", "DOM", "DOM.Iterable"],
    },
    "files": ["consumer.ts"],
}  # fmt: skip


async def test_what_is_published_can_be_imported_and_is_typed(tmp_path: Path) -> None:
    printed = await SDK.run(
        "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", str(tmp_path)
    )
    [packed] = json.loads(printed)
    names = {file["path"] for file in packed["files"]}
    modules = {file.stem for file in (SDK.folder / "src").glob("*.ts")}
    assert names == {"LICENSE", "README.md", "package.json"} | {
        f"dist/{module}.{kind}" for module in modules for kind in ("js", "d.ts")
    }

    consumer = NodePackage(tmp_path / "consumer")
    modules_folder = consumer.folder / "node_modules"
    installed = modules_folder / "@quantumlayer" / "sdk"
    installed.parent.mkdir(parents=True)
    with tarfile.open(tmp_path / packed["filename"]) as archive:
        archive.extractall(modules_folder, filter="data")
    (modules_folder / "package").rename(installed)
    manifest = json.loads((installed / "package.json").read_text())
    # What it says that it needs is all that it gets.
    for name in manifest["dependencies"]:
        (modules_folder / name).symlink_to(SDK.folder / "node_modules" / name)
    (consumer.folder / "package.json").write_text('{"type": "module"}')
    (consumer.folder / "consumer.ts").write_text(CONSUMER)
    (consumer.folder / "tsconfig.json").write_text(json.dumps(SETTINGS))
    await consumer.run("node", str(SDK.folder / "node_modules/typescript/bin/tsc"))
    assert await consumer.run("node", "consumer.js") == "http://127.0.0.1:9/v1 b\n"
