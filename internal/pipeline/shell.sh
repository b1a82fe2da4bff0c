#!/bin/sh
# Written by [[.Tool]] init --ci shell, and yours from now on.
#
#   sh memory-regression.sh [BASE]        hold the module's memory to highwater.yml[[if .Base]],
#                                         and to what it was at the revision BASE
#                                         ([[.Branch]] if unset; "" for none)[[end]]
#   sh memory-regression.sh --baseline    keep what it is as memory-results/baseline.json
#   sh memory-regression.sh --nightly     with more processes, soaks, trend and dashboard
#
# SCENARIO names some scenarios, as --scenario has them. A soak takes DURATION[[if .Base]], and there
# is one for each benchmark: name some with --bench below where they are many[[end]]. The exit
# status is that of highwater: 0 passed; 1 a limit is broken, memory has regressed or
# leaks; 2 something could not be measured; 3 wrong usage. The reports are in
# memory-results, in all formats, with the run and its profiles.
set -eu
root=$(cd "$(dirname "$0")" && pwd)
out=${OUT:-$root/memory-results}
export HIGHWATER_STATE_DIR="$out/state"

command -v highwater >/dev/null || {
	GOTOOLCHAIN=auto go install github.com/highwater-dev/highwater/cmd/highwater@[[.Version]]
	PATH="$PATH:$(go env GOPATH)/bin"
}
mkdir -p "$out"
cd "$root/[[.Dir]]"

# What runs, unless SCENARIO says otherwise, stands in highwater.yml.
gates() {
	highwater gates ${SCENARIO:+[[if .Base]]./... [[end]]--scenario "$SCENARIO"} "$@" --output "$out/"
}

case ${1-} in
--baseline)
	highwater baseline save --output "$out/baseline.json"
	;;
--nightly)
	status=0
	mkdir -p "$out/history"
	export HIGHWATER_STORE="$out/history/history.db" # what is measured is added to it
	(
		export HIGHWATER_REPEATS=5 HIGHWATER_MAX_REPEATS=20
		gates
	) || status=$?
	highwater stability[[if .Base]] ./...[[end]] --duration "${DURATION:-[[if .Base]]10m[[else]]30m[[end]]}" \
		--interval "${INTERVAL:-5s}" --with-profiling --output "$out/soak/" || { soak=$?; [ "$status" = 1 ] || status=$soak; }
	highwater trend --allow-short || status=$((status ? status : 2))
	highwater dashboard "$out/report.json" "$out/soak/report.json" --output "$out/dashboard.html" || status=$((status ? status : 2))
	exit "$status"
	;;
-*)
	echo "memory-regression.sh: unknown flag $1; there are --baseline and --nightly" >&2
	exit 3
	;;
*)
[[- if .Base]]
	base=${1-[[.Branch]]}
	gates ${base:+--base "$base"}
[[- else]]
	gates
[[- end]]
	;;
esac
