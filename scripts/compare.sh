#!/usr/bin/env bash
# Compares the time of one question with that of other tools, on one log, alternating.
#
# usage: scripts/compare.sh [LOG] [ROUNDS]
#
# Without a LOG it generates one of 1,000,000 lines. Tools that are not installed
# are left out. Prints the median of the rounds in seconds; answers are compared
# first, and a tool that counts something else ends the run.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --quiet --workspace
if [ $# -gt 0 ]; then
    log=$1
else
    log=$work/heavy.log
    target/release/loggen --profile heavy --lines 1000000 --output "$log"
fi
widefinder=target/release/widefinder
wf1='GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) '

# The first ten rows of the first report, as `COUNT: KEY`.
declare -A tools=(
    [widefinder]="$widefinder --preset wf1 '$log'"
    [widefinder-j1]="$widefinder --preset wf1 -j 1 '$log'"
)
if command -v rg >/dev/null; then
    tools[ripgrep+sort+uniq]="rg -N --no-unicode -o -r '\$1' '$wf1' '$log' | LC_ALL=C sort | LC_ALL=C uniq -c | LC_ALL=C sort -k1,1nr -k2 | head | sed 's/^ *\([0-9]*\) /\1: /'"
fi
if command -v perl >/dev/null; then
    tools[perl]="perl -ne '\$c{\$1}++ if m{$wf1}; END { print \"\$c{\$_}: \$_\n\" for (sort { \$c{\$b} <=> \$c{\$a} || \$a cmp \$b } keys %c)[0..9] }' '$log'"
fi

expected=$(bash -c "${tools[widefinder-j1]}")
for tool in "${!tools[@]}"; do
    if [ "$(bash -c "${tools[$tool]}")" != "$expected" ]; then
        echo "$tool answers something else" >&2
        exit 1
    fi
done
tools[wc-l]="wc -l '$log'"

for _ in $(seq "$rounds"); do
    for tool in "${!tools[@]}"; do
        begin=$(date +%s%N)
        bash -c "${tools[$tool]}" >/dev/null
        echo $((($(date +%s%N) - begin) / 1000)) >>"$work/$tool.times"
    done
done
printf '%-20s %10s\n' tool 'median s'
for tool in "${!tools[@]}"; do
    median=$(sort -n "$work/$tool.times" | sed -n "$(((rounds + 1) / 2))p")
    printf '%-20s %10.3f\n' "$tool" "$(echo "$median" | awk '{ print $1 / 1000000 }')"
done | sort -k2,2n
