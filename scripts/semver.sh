#!/usr/bin/env bash
# What the library promised and does no more: `scripts/semver.sh [REVISION]` compares it with REVISION, by default with the last release before this commit: the newest tag
# `v…`, or, where nobody fetched or set tags, the commit that gave a version its heading in CHANGELOG.md. What is broken needs a new version in Cargo.toml, or is mended.
# Before the first release nothing was promised, and it says so. Needs `cargo install cargo-semver-checks --locked`; `--baseline` prints the revision, and needs git alone.
# Exits with 1 where a promise is broken, with 2 where that cannot be told.
set -euo pipefail
cd "$(dirname "$0")/.."

last_release() { # prints nothing where there is none
  local version
  git rev-parse --quiet --verify HEAD^ > /dev/null || return 0
  git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2> /dev/null && return
  version=$(git show HEAD^:CHANGELOG.md | sed -n 's/^## \([0-9][0-9A-Za-z.+-]*\).*/\1/p' | sed -n 1p)
  [ -z "$version" ] || git log --format=%H -S"## $version" HEAD^ -- CHANGELOG.md | tail -n 1
}

case ${1:-} in
  "" | --baseline) revision=$(last_release) ;;
  *) revision=$1 ;;
esac
if [ -z "$revision" ] && [ "$(git rev-parse --is-shallow-repository)" = true ]; then
  echo "error: the last release is not in this shallow clone" >&2
  echo "hint: \`git fetch --unshallow --tags\`" >&2
  exit 2
fi
if [ "${1:-}" = --baseline ]; then
  echo "$revision"
elif [ -z "$revision" ]; then
  echo "no release before this commit: nothing was promised yet"
elif ! cargo semver-checks --version > /dev/null 2>&1; then
  echo "error: cargo has no \`semver-checks\`" >&2
  echo "hint: \`cargo install cargo-semver-checks --locked\`" >&2
  exit 2
else
  echo "compared with $revision"
  cargo semver-checks --package palmares --default-features --baseline-rev "$revision" || { [ $? -eq 100 ] && exit 1; exit 2; }
fi
