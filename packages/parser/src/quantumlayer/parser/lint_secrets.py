"""Secrets in files by detect-secrets: formats of tokens that leave no doubt, no guesses by entropy.

Its patterns are many and take a while to load, so texts are first looked over for what every such
token begins with; only files with a hit are handed to a process of its own, which can be killed.
Run as a module it reads `{path: text}` from standard input and writes what it found.
"""

import asyncio
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module

from quantumlayer.parser.model import Finding, Severity, SourceText
from quantumlayer.parser.secret_forms import can_be_secret
from quantumlayer.processes import Group, child_environment, end_process, hold, started

RULE = "secret-in-source"
TOOL = "detect-secrets"
_CWE = 798
_MAX_BYTES = 1024**2
_SHORTEST = 10
_HELP = "Take it out, make it invalid where it was issued, and read the new one from outside."
_PLUGINS = (
    *("artifactory.ArtifactoryDetector", "aws.AWSKeyDetector"),
    *("azure_storage_key.AzureStorageKeyDetector", "discord.DiscordBotTokenDetector"),
    *("github_token.GitHubTokenDetector", "gitlab_token.GitLabTokenDetector"),
    *("jwt.JwtTokenDetector", "mailchimp.MailchimpDetector", "npm.NpmDetector"),
    *("openai.OpenAIDetector", "private_key.PrivateKeyDetector", "pypi_token.PypiTokenDetector"),
    *("sendgrid.SendGridDetector", "slack.SlackDetector", "square_oauth.SquareOAuthDetector"),
    *("stripe.StripeDetector", "telegram_token.TelegramBotTokenDetector"),
    "twilio.TwilioKeyDetector",
)
_BEGINNING = re.compile(
    rb"AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9]|aws|gh[pousr]_|gl[a-z]{2,4}-|xox[a-z]-|hooks\.slack|"
    rb"[rs]k_live|-----BEGIN|PuTTY|eyJ|npm_|_authToken|pypi-|SG\.|sq0|AccountKey|AK[Cc]|sk-|-us\d|"
    rb"(?:AC|SK)[a-z0-9]{32}|\d{8,10}:[\w-]{35}|[MNO][A-Za-z\d_-]{23,25}\."
)


_MEMORY_BYTES = 1024**3


class SecretScanFailed(RuntimeError):  # noqa: N818 - it says what happened
    """The scan ran out of time or gave no report; says what to do."""


async def lint_secrets(
    files: Sequence[SourceText], *, time_limit_seconds: float = 60.0
) -> tuple[Finding, ...]:
    """A high finding for each secret in the files, by place; a message never shows the secret."""
    suspects = {
        file.path: data.decode("utf-8", errors="replace")
        for file in files
        if len(data := file.utf8) <= _MAX_BYTES and _BEGINNING.search(data)
    }
    if not suspects:
        return ()
    process = await started(
        asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "quantumlayer.parser.lint_secrets"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=child_environment(Group.BASE, Group.INTERPRETER),
        )
    )
    hold(process.pid, memory_bytes=_MEMORY_BYTES, cpu_seconds=int(time_limit_seconds) + 1)
    try:
        output, errors = await asyncio.wait_for(
            process.communicate(json.dumps(suspects).encode()), time_limit_seconds
        )
    except TimeoutError:
        raise SecretScanFailed(
            f"the search for secrets was stopped after {time_limit_seconds:g} s"
        ) from None
    finally:
        await end_process(process)
    if process.returncode != 0:
        said = errors.decode("utf-8", errors="replace").strip()[-500:]
        raise SecretScanFailed(f"the search for secrets gave no report: {said}")
    found = [_finding(*row) for row in json.loads(output)]
    return tuple(sorted(found, key=lambda one: (one.path, one.line, one.column)))


def scan(texts: Mapping[str, str]) -> Iterator[tuple[str, int, int, str]]:
    """Path, line, column and kind of every secret in the texts."""
    plugins = [_plugin(name) for name in _PLUGINS]
    for path, text in texts.items():
        taken: set[tuple[int, int]] = set()
        for plugin in plugins:
            kind = str(plugin.secret_type)
            for start, end in _spans(plugin.denylist, text):
                line = text.count("\n", 0, start) + 1
                column = start - text.rfind("\n", 0, start)
                if (line, column) not in taken and can_be_secret(kind, path, text, start, end):
                    taken.add((line, column))
                    yield path, line, column, kind


def _spans(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    """Where the patterns of a plugin find secrets: a group is the secret, or a part of its form."""
    for pattern in patterns:
        for found in pattern.finditer(text):
            group = found.lastindex or 0
            within = len(found[group] or "") >= _SHORTEST
            yield found.span(group) if within else found.span()


def _plugin(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a plugin of any kind
    module, _, kind = name.partition(".")
    return getattr(import_module(f"detect_secrets.plugins.{module}"), kind)()


def _finding(path: str, line: int, column: int, kind: str) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        path=path,
        line=line,
        column=column,
        message=f"{kind}: a secret is written in the source. {_HELP}",
        tool=TOOL,
        cwe=_CWE,
        help=_HELP,
    )


def main() -> None:
    """Reads texts from standard input, writes what was found to standard output."""
    sys.stdout.write(json.dumps(list(scan(json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
