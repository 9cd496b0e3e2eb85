#!/usr/bin/env bash
# Resolves every member's dependencies into one lock file with hashes and without index addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
env -u UV_FIND_LINKS -u PIP_FIND_LINKS .venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
  --constraints requirements/constraints.in "$@" \
  --no-emit-package quantumlayer-core --no-emit-package quantumlayer-manifests --no-emit-package quantumlayer-processes --no-emit-package quantumlayer-router --no-emit-package quantumlayer-parser \
  --no-emit-package quantumlayer-qtest --no-emit-package quantumlayer-qlayer --no-emit-package quantumlayer-agents --no-emit-package quantumlayer-builtin \
  --no-emit-package quantumlayer-api --no-emit-package quantumlayer-worker --no-emit-package quantumlayer-cli --no-emit-package quantumlayer-gateway \
  --output-file requirements/development.txt \
  requirements/members.in requirements/development.in
