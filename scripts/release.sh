#!/usr/bin/env bash
# What is shipped: `scripts/release.sh [FOLDER]` writes palmares-VERSION-TARGET.tar.gz, with its SHA-256 beside it, into FOLDER (by default dist): the command (profile
# `dist`), its manual pages and completions, and the licences of all that it is made of. The same commit and toolchain give the same bytes.
# PALMARES_BINARY=FILE packs a binary that is already built.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-dist}
export CARGO_TERM_COLOR=never LC_ALL=C TZ=UTC
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
target=$(rustc -vV | sed -n 's/^host: //p')
binary=${PALMARES_BINARY:-}
if [ -z "$binary" ]; then
  # No path of this machine gets into the binary.
  RUSTFLAGS="--remap-path-prefix=$PWD=/palmares --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo ${RUSTFLAGS:-}" \
    cargo build --quiet --locked --profile dist --bin palmares
  binary="${CARGO_TARGET_DIR:-target}/dist/palmares"
fi
version=$(cargo pkgid --locked | sed 's/.*[#@]//')
grep -q "^## $version\b\|^## Unreleased" CHANGELOG.md || { echo "error: CHANGELOG.md says nothing of $version" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
name="palmares-$version-$target"
tree="$scratch/$name"
mkdir -p "$tree/bin" "$tree"/share/{doc/palmares,man/man1,man/fr/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
install -m 755 "$binary" "$tree/bin/palmares"
palmares="$tree/bin/palmares"
"$palmares" man --no-config --lang en "$tree/share/man/man1"
"$palmares" man --no-config --lang fr "$tree/share/man/fr/man1"
"$palmares" completions --no-config bash > "$tree/share/bash-completion/completions/palmares"
"$palmares" completions --no-config zsh > "$tree/share/zsh/site-functions/_palmares"
"$palmares" completions --no-config fish > "$tree/share/fish/vendor_completions.d/palmares.fish"
cp README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$tree/share/doc/palmares/"
scripts/licences.py > "$tree/share/doc/palmares/THIRD-PARTY-LICENCES.txt"

mkdir -p "$folder"
tar --create --directory "$scratch" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' --format=gnu "$name" |
  gzip --no-name -9 > "$folder/$name.tar.gz"
(cd "$folder" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "$folder/$name.tar.gz"
