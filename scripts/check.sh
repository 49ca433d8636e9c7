#!/usr/bin/env bash
# Runs all that must pass, with nothing but the Rust toolchain and a C compiler.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; "$@"; }

step cargo fmt --all --check
step cargo clippy --workspace --all-targets -- -D warnings
step cargo clippy -p engine --all-targets --all-features -- -D warnings
RUSTDOCFLAGS='-D warnings' step cargo doc --workspace --no-deps --all-features

# What the engine does only when it is asked to, and its examples, which assert
# their results.
step cargo test -p engine --all-features
for example in wide_finder merge_join running_average external_sort; do
    step cargo run -q -p engine --all-features --example "$example" >/dev/null
done

# The engine under a model checker, in a place of its own since every crate is
# built anew for it.
RUSTFLAGS='--cfg shuttle' step cargo test -p engine --release --test model \
    --target-dir target/shuttle

# The two commands of the README, as they stand there.
for command in 'cargo run --release -- data/sample.log' 'cargo test --workspace'; do
    grep -qxF "$command" README.md || { echo "README.md lacks: $command" >&2; exit 1; }
    # Word splitting is meant: the command has no quotes.
    # shellcheck disable=SC2086
    step $command
done
