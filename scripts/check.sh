#!/usr/bin/env bash
# Runs all that must pass, with nothing but the Rust toolchain.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; "$@"; }

step cargo fmt --all --check
step cargo clippy --workspace --all-targets -- -D warnings
step cargo clippy -p engine --all-targets --features spill -- -D warnings
step cargo test -p engine --features spill
step cargo run -p engine --features spill --example external_sort
RUSTDOCFLAGS='-D warnings' step cargo doc --workspace --no-deps

# The two commands of the README, as they stand there.
for command in 'cargo run --release -- data/sample.log' 'cargo test --workspace'; do
    grep -qxF "$command" README.md || { echo "README.md lacks: $command" >&2; exit 1; }
    # Word splitting is meant: the command has no quotes.
    # shellcheck disable=SC2086
    step $command
done
