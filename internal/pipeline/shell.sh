#!/bin/sh
# Written by [[.Tool]] init --ci shell, and yours from now on.
#
#   sh memory-regression.sh [BASE]
#
# holds the module's memory to highwater.yml, and to what it was at the revision BASE
# ([[.Branch]] if unset; "" for none). The exit status is that of highwater gates: 0 passed; 1 a limit is
# broken or memory has regressed; 2 something could not be measured; 3 wrong usage.
# The reports are in memory-results, in all formats, with the run and its profiles.
set -eu
base=${1-[[.Branch]]}
root=$(cd "$(dirname "$0")" && pwd)
out=${OUT:-$root/memory-results}
export HIGHWATER_STATE_DIR="$out/state"

command -v highwater >/dev/null || {
	go install github.com/highwater-dev/highwater/cmd/highwater@[[.Version]]
	PATH="$PATH:$(go env GOPATH)/bin"
}
mkdir -p "$out"
cd "$root/[[.Dir]]"
[[- if .Base]]
highwater gates ${base:+--base "$base"} --output "$out/"
[[- else]]
highwater gates --output "$out/"
[[- end]]
