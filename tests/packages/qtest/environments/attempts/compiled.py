"""Through modules, crates and artifacts, and through the settings of Go, cargo, Maven and make."""

from quantumlayer.qtest import Language
from tests.packages.qtest.environments.attempts.attempt import Attempt

MANIFEST = '[package]\nname = "p"\nversion = "0.1.0"\nedition = "2021"\n'
ABSENT = f'{MANIFEST}[dependencies]\nabsent = "1"\n'
ONLY_MANIFESTS = "cargo sees manifests and a lock, in a folder of ours"
TOUCH = "#!/bin/sh\ntouch @TRACE@\n"
POM = (
    "<project><modelVersion>4.0.0</modelVersion><groupId>p</groupId><artifactId>p</artifactId>"
    "<version>1</version><packaging>pom</packaging>@MORE@</project>"
)
LIBRARY = (
    "<dependencies><dependency><groupId>absent.group</groupId><artifactId>absent</artifactId>"
    "<version>1</version></dependency></dependencies>"
)
OUR_POM = "poms alone are read, as a model, and nothing that they name is loaded or asked"
MAVEN = "mvn -q -B -Dmaven.repo.local=repository validate"


def cargo(
    id: str,  # noqa: A002 - the name that callers know
    tries: str,
    configuration: str,
    control: str = "cargo fetch",
    manifest: str = ABSENT,
    **more: str,
) -> Attempt:
    """A setting of the project's .cargo/config.toml."""
    files = {"Cargo.toml": manifest, "src/lib.rs": "", ".cargo/config.toml": configuration, **more}
    return Attempt(id, Language.RUST, tries, ONLY_MANIFESTS, files, control,
                   executable=("evil.sh",) if "evil.sh" in more else ())  # fmt: skip


def maven(id: str, tries: str, more: str = "", **files: str) -> Attempt:  # noqa: A002 - the name that callers know
    """Settings of the project for Maven."""
    given = {"pom.xml": POM.replace("@MORE@", LIBRARY + more), **files}
    return Attempt(id, Language.JAVA, tries, OUR_POM, given, MAVEN)


def pom_only(id: str, tries: str, element: str) -> Attempt:  # noqa: A002 - the name that callers know
    return maven(id, tries, element)


REPOSITORY = "<id>central</id><url>@CATCHER@</url>"
MODULE = "module example.test/p\n\ngo 1.21\n"

ATTEMPTS = (
    Attempt("go-toolchain", Language.GO, "have another toolchain fetched and started",
            "the toolchain of this machine stays", {
                "go.mod": f"{MODULE}\ntoolchain go1.99.9\n\nrequire example.test/x v1.0.0\n",
            }, "go mod download",
            environment={"GOTOOLCHAIN": "auto", "GOPROXY": "@CATCHER@", "GOSUMDB": "off"}),
    Attempt("go-env", Language.GO, "name another proxy in a go.env",
            "no file of settings is read", {
                "go.env": "GOPROXY=@CATCHER@\nGONOSUMDB=*\n",
                "go.mod": f"{MODULE}\nrequire example.test/x v1.0.0\n",
            }, "unset GOPROXY; go mod download", environment={"GOENV": "@HERE@/go.env"}),
    Attempt("go-env-flags", Language.GO, "name a program around the compiler in a go.env",
            "as above", {
                "go.env": "GOFLAGS=-toolexec=@HERE@/evil.sh\n", "evil.sh": TOUCH,
                "go.mod": f"{MODULE}\nrequire example.test/x v1.0.0\n",
                "p.go": "package p\n",
            }, "go vet .; GOFLAGS= GOENV=@HERE@/go.env go build ./p.go",
            executable=("evil.sh",), environment={"GOENV": "@HERE@/go.env"}),
    Attempt("go-module-link", Language.GO, "have a file of the host read as go.mod",
            "links are not followed", {"p.go": "package p\n"}, "go mod download",
            {"go.mod": "@SECRET@"}),
    cargo("cargo-source", "replace the registry in .cargo/config.toml",
          '[source.crates-io]\nreplace-with = "evil"\n'
          '[source.evil]\nregistry = "sparse+@CATCHER@/index/"\n'),
    cargo("cargo-proxy", "name a proxy there", '[http]\nproxy = "@CATCHER@"\n[net]\nretry = 0\n'),
    cargo("cargo-rustc", "name a compiler there", '[build]\nrustc = "@HERE@/evil.sh"\n',
          "cargo build --offline", MANIFEST, **{"evil.sh": TOUCH}),
    cargo("cargo-wrapper", "name a program around the compiler there",
          '[build]\nrustc-wrapper = "@HERE@/evil.sh"\n', "cargo build --offline", MANIFEST,
          **{"evil.sh": TOUCH}),
    cargo("cargo-runner", "name a runner of tests there",
          "[target.'cfg(all())']\nrunner = \"@HERE@/evil.sh\"\n", "cargo test --offline", MANIFEST,
          **{"evil.sh": TOUCH}),
    cargo("cargo-git", "name a program for version control there",
          "[net]\ngit-fetch-with-cli = true\n",
          "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=url.@CATCHER@/.insteadOf "
          "GIT_CONFIG_VALUE_0=https://host.invalid/ cargo fetch",
          f'{MANIFEST}[dependencies]\nx = {{ git = "https://host.invalid/x" }}\n'),
    cargo("cargo-registry-index", "name another registry beside a dependency",
          '[registries.evil]\nindex = "sparse+@CATCHER@/index/"\n',
          manifest=f'{MANIFEST}[dependencies]\nx = {{ version = "1", registry = "evil" }}\n'),
    cargo("cargo-credentials", "name a program for credentials there",
          '[registries.evil]\nindex = "sparse+@CATCHER@/index/"\n'
          'credential-provider = ["@HERE@/evil.sh"]\n',
          "cargo login --registry evil < /dev/null",
          f'{MANIFEST}[dependencies]\nx = {{ version = "1", registry = "evil" }}\n',
          **{"evil.sh": TOUCH}),
    Attempt("rust-toolchain", Language.RUST, "name a toolchain of its own, which is a program",
            "the toolchain is asked for far from the project", {
                "Cargo.toml": ABSENT, "src/lib.rs": "",
                "rust-toolchain.toml": '[toolchain]\npath = "@HERE@/toolchain"\n',
                "toolchain/bin/cargo": TOUCH, "toolchain/bin/rustc": TOUCH,
                "toolchain/lib/keep": "",
            }, "cargo fetch",
            executable=("toolchain/bin/cargo", "toolchain/bin/rustc")),
    Attempt("build-rs", Language.RUST, "run a build script", "it is not there to be run", {
                "Cargo.toml": ABSENT, "src/lib.rs": "",
                "build.rs": 'fn main() { std::fs::write("@TRACE@", "").unwrap(); }\n',
            }, "sed -i /absent/d Cargo.toml; cargo build --offline"),
    maven("maven-extension", "load a plug-in into Maven itself", **{
              ".mvn/extensions.xml": "<extensions><extension><groupId>e</groupId><artifactId>e"
                                     "</artifactId><version>1</version></extension></extensions>",
              ".mvn/maven.config": "--settings\n@HERE@/evil.xml\n",
              "evil.xml": f"<settings><mirrors><mirror><mirrorOf>*</mirrorOf>{REPOSITORY}</mirror>"
                          "</mirrors></settings>",
          }),
    maven("maven-config", "name other settings in .mvn/maven.config",
          "<parent><groupId>e</groupId><artifactId>e</artifactId><version>1</version></parent>", **{
              ".mvn/maven.config": "--settings\n@HERE@/evil.xml\n",
              "evil.xml": f"<settings><mirrors><mirror><mirrorOf>*</mirrorOf>{REPOSITORY}</mirror>"
                          "</mirrors></settings>",
          }),
    maven("maven-jvm", "give options to Maven's virtual machine", **{
              ".mvn/jvm.config": "-Xlog:gc*:file=@TRACE@\n",
          }),
    pom_only("pom-repository", "name another repository in the pom",
             f"<repositories><repository>{REPOSITORY}</repository></repositories>"
             "<parent><groupId>e</groupId><artifactId>e</artifactId><version>1</version></parent>"),
    pom_only("pom-plugin", "name a plug-in in the pom, which runs at once",
             f"<pluginRepositories><pluginRepository>{REPOSITORY}</pluginRepository>"
             "</pluginRepositories><build><plugins><plugin><groupId>e</groupId><artifactId>e"
             "</artifactId><version>1</version><extensions>true</extensions></plugin></plugins>"
             "</build>"),
    Attempt("make-shell", Language.C, "run a program when a Makefile is read",
            "make runs in the sandbox of tests alone", {
                "Makefile": "X := $(shell touch @TRACE@)\ntest:\n\ttrue\n", "test.c": "",
            }, "make -n test"),
    Attempt("cmake-project", Language.C, "run a program when CMake configures",
            "so does CMake", {
                "CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(p NONE)\n"
                                  "execute_process(COMMAND touch @TRACE@)\n",
                "test.c": "",
            }, "cmake -S . -B build"),
)  # fmt: skip
