#!/usr/bin/env bash
# Documents read and records linked on a Spark of two workers, one of which is killed on the way, give what one machine gives: spark.sh PALMARES [RECORDS]
# Takes Java 17 and a Python with pyspark and pyarrow (PYTHON, by default python3); without them it does not run and says so, and with CI=true fails.
set -uo pipefail
palmares=${1:?the binary} records=${2:-20000} python=${PYTHON:-python3}
here=$(dirname "$0")/../integrations/spark
missing=
command -v java > /dev/null || missing="there is no java"
"$python" -c "import pyspark, pyarrow" 2> /dev/null || missing="$python has no pyspark and pyarrow"
if [ -n "$missing" ]; then
  echo "spark.sh DID NOT RUN: $missing" >&2
  [ "${CI:-}" != true ]
  exit
fi
exec "$python" "$here/check.py" "$palmares" "$records"
