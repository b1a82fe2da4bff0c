# What a change should pass, and the evidence behind docs/proof.md. Everything
# here is one command; `bash .ci/run` runs check and test on a bare machine.

.PHONY: all check test cross truth pressure overhead falsealarm power bisect bench bench-history vuln shot

all: check test

check: # format, vet, staticcheck
	@unformatted=$$(go tool gofumpt -l .); [ -z "$$unformatted" ] || { echo "run go tool gofumpt -w on:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...

test:
	go test -timeout 25m ./...

cross: # builds highwater for all systems and architectures that it is for
	@for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do \
		echo $$target; \
		GOOS=$${target%/*} GOARCH=$${target#*/} CGO_ENABLED=0 go build -o /dev/null ./cmd/highwater || exit 1; \
	done

truth: # memory known by hand against memory measured
	go run ./internal/cmd/truth

pressure: # does gc_pressure rank programs as their collectors' CPU time does?
	go run ./internal/cmd/pressure

overhead: # what the probe costs a natural process
	go run ./internal/cmd/overhead

falsealarm: # 200 gate runs with nothing changed; goes on where it was
	go run ./internal/cmd/falsealarm

power: # planted regressions, and how many of them the gate finds; goes on where it was
	go run ./internal/cmd/power

bisect: # a regression among 200 commits, and what it takes to find it; docs/bisect.md
	go run ./internal/cmd/bisectproof -page docs/bisect.md

bench:
	go test -run '^$$' -bench . ./...

bench-history: # how fast results are added, and a trend is read out of a million
	go test -run '^$$' -bench . -benchtime 20x ./internal/history

vuln: # asks vuln.go.dev
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

# The picture in the README, from a real run in a real tmux.
shot:
	mkdir -p bin docs/img
	go build -o bin/highwater ./cmd/highwater
	PATH="$$PWD/bin:$$PATH" HIGHWATER_STATE_DIR=/var/tmp/highwater \
		go run ./internal/cmd/termshot -cols 120 -o docs/img/gates.svg -- highwater gates
