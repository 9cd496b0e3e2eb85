"""Through npm packages, and through the settings of npm."""

import json

from quantumlayer.qtest import Language
from tests.packages.qtest.environments.attempts.attempt import Attempt

NO_SCRIPTS = "no script runs, whoever names it"
NOT_THERE = "npm sees a package.json of ours, with names and ranges alone"
NPM = "npm install --no-audit --no-fund --cache .npm-cache --fetch-retries 0"
AT_HOME = f"{NPM} --registry @NPM@"
TOUCH = "touch @TRACE@"
SCRIPT = "#!/bin/sh\ntouch @TRACE@\n"


def manifest(**fields: object) -> str:
    return json.dumps({"name": "p", "version": "1.0.0", **fields})


PLAIN = manifest(dependencies={"plain-thing": "1.0.0"})


def script(id: str, name: str, tries: str) -> Attempt:  # noqa: A002 - the name that callers know
    """A script of the project."""
    files = {
        "package.json": manifest(
            dependencies={"plain-thing": "1.0.0"}, scripts={name: TOUCH}
        )
    }  # fmt: skip
    return Attempt(id, Language.JAVASCRIPT, tries, NO_SCRIPTS, files, AT_HOME)


def npmrc(id: str, tries: str, setting: str, control: str = AT_HOME, **more: str) -> Attempt:  # noqa: A002 - the name that callers know
    """A setting of the project's .npmrc."""
    files = {"package.json": PLAIN, ".npmrc": f"{setting}\n", **more}
    return Attempt(id, Language.JAVASCRIPT, tries, "the project's .npmrc is not there", files,
                   control, executable=("evil.sh",) if "evil.sh" in more else ())  # fmt: skip


WITH_SCRIPT = manifest(dependencies={"plain-thing": "1.0.0"}, scripts={"prepare": "node -e 0"})
LOCK = json.dumps({
    "name": "p", "version": "1.0.0", "lockfileVersion": 3, "requires": True,
    "packages": {
        "": {"name": "p", "version": "1.0.0", "dependencies": {"plain-thing": "1.0.0"}},
        "node_modules/plain-thing": {
            "version": "1.0.0", "resolved": "@CATCHER@/plain-thing.tgz",
        },
    },
})  # fmt: skip

ATTEMPTS = (
    script("npm-preinstall", "preinstall", "run the project's preinstall script"),
    script("npm-postinstall", "postinstall", "run its postinstall script"),
    script("npm-prepare", "prepare", "run its prepare script"),
    Attempt("npm-dependency-script", Language.JAVASCRIPT, "run a dependency's postinstall script",
            NO_SCRIPTS, {"package.json": manifest(dependencies={"script-thing": "1.0.0"})},
            AT_HOME),
    npmrc("npmrc-scripts", "switch scripts on in .npmrc", "ignore-scripts=false",
          f"npm_config_ignore_scripts= {AT_HOME}",
          **{"package.json": manifest(dependencies={"plain-thing": "1.0.0"},
                                      scripts={"preinstall": TOUCH})}),
    npmrc("npmrc-registry", "name another registry in .npmrc", "registry=@CATCHER@/", NPM),
    npmrc("npmrc-scope", "name another registry for a scope", "@evil:registry=@CATCHER@/",
          **{"package.json": manifest(dependencies={"@evil/thing": "1.0.0"})}),
    npmrc("npmrc-proxy", "name a proxy in .npmrc", "proxy=@CATCHER@/\nnoproxy=",
          f"{NPM} --registry http://registry.invalid"),
    npmrc("npmrc-script-shell", "name a shell for scripts in .npmrc", "script-shell=./evil.sh",
          **{"evil.sh": SCRIPT, "package.json": WITH_SCRIPT}),
    npmrc("npmrc-node-options", "load a module into every Node that npm starts",
          "node-options=--require=@HERE@/evil.cjs", **{
              "evil.cjs": 'require("fs").writeFileSync("@TRACE@", "")', "package.json": WITH_SCRIPT,
          }),
    npmrc("npmrc-git", "name a program for version control in .npmrc", "git=./evil.sh", **{
              "evil.sh": SCRIPT,
              "package.json": manifest(dependencies={"x": "git+https://host.invalid/x.git"}),
          }),
    Attempt("npm-tarball", Language.JAVASCRIPT, "name a package by its address",
            "only ranges of versions are accepted",
            {"package.json": manifest(dependencies={"x": "@CATCHER@/x.tgz"})}, AT_HOME),
    Attempt("npm-override", Language.JAVASCRIPT, "replace a dependency by an address",
            "the proxy reaches registries alone", {"package.json": manifest(
                dependencies={"needs-thing": "1.0.0"}, overrides={"plain-thing": "@CATCHER@/x.tgz"},
            )}, AT_HOME),
    Attempt("npm-transitive", Language.JAVASCRIPT, "have a dependency name one by its address",
            "as above", {"package.json": manifest(dependencies={"url-thing": "1.0.0"})}, AT_HOME),
    Attempt("npm-lock-resolved", Language.JAVASCRIPT, "name another place in the lock file",
            "addresses in locks are dropped", {"package.json": PLAIN, "package-lock.json": LOCK},
            "npm ci --no-audit --no-fund --cache .npm-cache --fetch-retries 0 "
            "--registry @NPM@ --replace-registry-host never"),
    Attempt("npm-manifest-link", Language.JAVASCRIPT, "have a file of the host read as a manifest",
            "links are not followed", {"plain.js": ""}, AT_HOME, {"package.json": "@SECRET@"}),
)  # fmt: skip
