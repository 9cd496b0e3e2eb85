#!/usr/bin/env bash
# Makes this checkout ready to run: .venv, libraries, members, Temporal, bubblewrap.
# Each step runs again only when what it depends on has changed; a stamp remembers that.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly stamps=.venv/.setup
readonly lock=requirements/development.txt
# What this machine's shell may hold must not decide which files are installed.
unset PIP_FIND_LINKS PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_USER UV_FIND_LINKS PYTHONHOME PYTHONPATH
# uv reads no setting of pip's; whoever chose an index for pip means it for uv as well.
if [[ -n ${PIP_INDEX_URL:-} && -z ${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-} ]]; then
  export UV_DEFAULT_INDEX=$PIP_INDEX_URL
fi

say() { printf 'setup: %s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# One setup at a time in a checkout; the lock goes with this process.
if command -v flock >/dev/null; then
  mkdir -p .quantumlayer
  exec 9>.quantumlayer/setup.lock
  flock -n 9 || { say "another setup of this checkout is running; waiting"; flock 9; }
fi

# step NAME INPUTS-HASH COMMAND…: run COMMAND unless it has run with these inputs.
step() {
  local name=$1 inputs=$2 began=$SECONDS
  shift 2
  [[ -f $stamps/$name && $(<"$stamps/$name") == "$inputs" ]] && return
  say "$name"
  "$@"
  mkdir -p "$stamps"
  printf '%s' "$inputs" >"$stamps/$name"
  say "$name: done in $((SECONDS - began)) s"
}

hash_of() { cat "$@" | cksum; }

suitable_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later is needed; install it, or name one: make setup PYTHON=/path/to/python3"
}

make_venv() {
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$python lacks the module venv; on Debian and Ubuntu: apt-get install python3-venv"
  "$python" -m venv --clear .venv
}

install_uv() {
  # The pinned version with its hashes, cut out of the lock file.
  local wanted
  wanted=$(mktemp)
  awk '/^uv==/ {inside = 1} /^[^ ]/ && !/^uv==/ {inside = 0} inside' "$lock" >"$wanted"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    --requirement "$wanted" || { rm "$wanted"; fail "uv cannot be installed; is there a network?"; }
  rm "$wanted"
}

install_libraries() {
  .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode "$lock" ||
    fail "the libraries cannot be installed; is there a network?"
}

install_members() {
  local members=()
  for project in packages/*/pyproject.toml apps/*/pyproject.toml; do
    members+=(--editable "${project%/pyproject.toml}")
  done
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation \
    "${members[@]}"
}

# Members are run as sources: whoever lets Python write nothing beside them (PYTHONDONTWRITEBYTECODE)
# would wait at every start until they are compiled anew.
compile_members() {
  .venv/bin/python -m compileall -q packages/*/src apps/*/src
}

get_temporal() {
  .venv/bin/python -m quantumlayer.cli.platform.temporal_binary
}

# apt_install PACKAGE: install it where that is permitted; fails where it is not.
apt_install() {
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo -n)
    sudo -n true 2>/dev/null || return 1
  fi
  command -v apt-get >/dev/null || return 1
  say "$1"
  local log
  log=$(mktemp)
  if { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "$1"; } >"$log" 2>&1; then
    say "$1: done"
    rm "$log"
    return
  fi
  tail -n 3 "$log" >&2
  rm "$log"
  return 1
}

get_bubblewrap() {
  command -v bwrap >/dev/null && return
  apt_install bubblewrap && return
  say "bubblewrap is missing and generated code runs only inside it; type: ${install_bubblewrap}"
}

# Pages as they are delivered are looked at with it; everything else goes without. Where it could
# not be had, the stamp keeps later setups from asking again.
get_chromium() {
  local name
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && return
  done
  apt_install chromium || say "no Chromium, so no pages are looked at"
}

install_bubblewrap="sudo apt-get install bubblewrap"
command -v dnf >/dev/null && install_bubblewrap="sudo dnf install bubblewrap"
command -v pacman >/dev/null && install_bubblewrap="sudo pacman -S bubblewrap"

warm_environments() {
  [[ -f packages/agents/src/quantumlayer/agents/warm.py ]] || return 0
  .venv/bin/python -m quantumlayer.agents.warm
}

python=$(suitable_python)
.venv/bin/python -c '' 2>/dev/null || rm -rf "$stamps"
# A virtual environment knows its own path, so a moved checkout makes a new one.
step virtual-environment "$PWD $python" make_venv
step uv "$(grep '^uv==' "$lock")" install_uv
libraries=$(hash_of "$lock")
step libraries "$libraries" install_libraries
# Installing libraries removes what the lock does not name, so members follow them.
step members "$libraries $(hash_of packages/*/pyproject.toml apps/*/pyproject.toml)" install_members
compile_members
get_temporal
get_bubblewrap
step chromium "$(command -v chromium chromium-browser google-chrome || true)" get_chromium
# What is kept of an image ends with the code that made it.
step warm-environments "$libraries $(find packages/*/src \( -name 'requirements-dev.txt' -o -name 'lock.txt' \
  -o -name '_dependencies.*.j2' -o -path '*/delivered/*.py' \) -print0 | sort -z |
  xargs -0 cat | cksum)" warm_environments
