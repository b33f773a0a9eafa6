#!/usr/bin/env bash
# Reads documents that are made to take too much, each by itself under the default limits, and prints a line for each: seconds, megabytes, outcome.
# usage: scripts/robust.sh PALMARES [short|full]   short (by default): what made palmares fail once, at most two minutes; full: every case of gen.py
# Inputs are those of PALMARES_SHARED (by default ../shared): robust/ with its gen.py, hostile/, field/, trial/.
# Fails on an abort, a panic, a document that takes over 10 s or 512 MB, or one that ends without a result and without a message.
set -uo pipefail
cd "$(dirname "$0")/.."
exec python3 scripts/robust.py "$(realpath "${1:?usage: scripts/robust.sh PALMARES [short|full]}")" "$(realpath "${PALMARES_SHARED:-../shared}")" "${2:-short}"
