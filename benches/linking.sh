#!/usr/bin/env bash
# Linking of synthetic organisations beside the Splink baseline: CPU seconds, peak memory, F1 at both levels.
# Usage: benches/linking.sh WORK_FOLDER [RECORDS...]
# Needs the shared folder (PALMARES_SHARED, by default ../shared), and for the baseline a Python with splink, duckdb and pyarrow (PYTHON).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
shared=$(cd "${PALMARES_SHARED:-$root/../shared}" && pwd)
python=${PYTHON:-python3}
work=${1:?give a folder to work in}
shift
mkdir -p "$work"
cargo build --release --manifest-path "$root/Cargo.toml" --bin palmares
cp "$shared"/link/{gen_orgs.py,baseline_splink.py,splink_m.json} "$work"
cd "$work"
for records in "${@:-10000}"; do
  name=s42_$records
  [ -e "$name.parquet" ] || "$python" gen_orgs.py --n "$records" --seed 42 --out "$name"
  echo "== $records records"
  /usr/bin/time -f "palmares: %U + %S CPU s, %e s, %M KB" \
    "$root/target/release/palmares" link "$name.csv" --map project=project_title --links none -o "out_$records"
  "$python" "$shared/eval/link_score.py" "$name.csv" "out_$records/laureates.ndjson"
  "$root/target/release/palmares" link "$name.csv" --map project=project_title --candidates-only | "$python" "$root/benches/blocking_recall.py" "$name.csv"
  tight=
  [ "$records" -ge 100000 ] && tight=1
  "$python" -c "import splink" 2>/dev/null && TIGHT=$tight "$python" baseline_splink.py "$name.parquet" 0 | tail -2
done
