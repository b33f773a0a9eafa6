# One-line recipes; plain cargo always works.

# format, lints, tests
check:
    cargo fmt --check && cargo clippy --all-targets -- -D warnings && cargo test

# everything that CI runs
ci:
    .ci/run

# the samples of raw/ into extracted/
run:
    cargo run --release

# the fixtures, with a readable difference
fixtures:
    cargo run --release -- test

# scores on the shared corpus
scores:
    cargo build --release && scripts/score_corpus.sh && scripts/score_linking.sh

# accept new output of the command in tests/snapshots, and new schemas after a change of the types
snapshots:
    INSTA_UPDATE=always cargo test --test cli && PALMARES_BLESS=1 cargo test --lib schema

# speed against pdftotext, memory, growth, and what Python costs
bench:
    cargo build --release && benches/run.sh && benches/memory.sh && benches/growth.py && benches/python.py

# what the library promised in the last release (or at REVISION) and does no more
semver *REVISION:
    scripts/semver.sh {{REVISION}}

# documentation of the library
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# the wheel and the source distribution, into dist/
wheel:
    maturin build --locked --profile dist --out dist && maturin sdist --out dist

# types, tests and examples of the Python package, with a debug build of the command
python:
    cargo build && mypy && PALMARES="${CARGO_TARGET_DIR:-target}/debug/palmares" PYTHONPATH=python pytest

# the tarball of a release, into dist/: the command, manual pages, completions, licences
release:
    scripts/release.sh dist

# the image of the command
image:
    docker build --tag palmares .

# the pages of docs/ as a site, into site/; `mkdocs serve` shows them while they are written
site:
    mkdocs build

# a minute of fuzzing on each target
fuzz:
    scripts/fuzz.sh 60
