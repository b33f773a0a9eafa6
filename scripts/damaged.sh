#!/usr/bin/env bash
# Runs the release binary over a folder of PDFs damaged by seed, beside sound ones: it neither aborts nor panics, exits with 0 or 1, and what it reads in
# the sound ones is what it reads in them alone. Damage does not depend on the machine: a copy that fails is found again by its seed.
# usage: scripts/damaged.sh [PALMARES [COUNT [FIRST_SEED]]]     (by default 3000 copies from seed 1)
set -euo pipefail
cd "$(dirname "$0")/.."
palmares=$(realpath "${1:-target/release/palmares}")
count=${2:-3000}
first=${3:-1}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mapfile -t originals < <(find fixtures raw -name '*.pdf' | sort)
mkdir "$scratch/pdfs"
# Sound ones come first: of copies with the same bytes, the first stands for all.
for n in "${!originals[@]}"; do cp "${originals[$n]}" "$scratch/pdfs/$(printf 'a-sound-%03d' "$n").pdf"; done

run() { # run NAME: reads the folder into NAME; what it prints goes to NAME.err
  local status=0
  (cd "$scratch" && "$palmares" run --no-config -o "$1" pdfs) 2> "$scratch/$1.err" || status=$?
  if [ "$status" -gt 1 ]; then
    echo "exit code $status over $count copies from seed $first; the last lines:"
    tail -n 20 "$scratch/$1.err"
    exit 1
  fi
  # A panic is caught at the door of the document or the page, and told there.
  if grep -F 'the parser failed' "$scratch/$1/run.json"; then
    echo "a stage panicked, on $count copies from seed $first"
    exit 1
  fi
}

sound() { # the mentions of the sound ones
  grep -F '"path":"pdfs/a-sound-' "$scratch/$1/mentions.ndjson"
}

run alone
cargo run --quiet --example damage -- "$scratch/pdfs" "$count" "$first" "${originals[@]}"
run beside
diff -q <(sound alone) <(sound beside) > /dev/null || { echo "sound PDFs are read differently beside damaged ones"; exit 1; }
echo "$count PDFs damaged from seed $first beside ${#originals[@]} sound ones: $(grep ' documents, ' "$scratch/beside.err")"
