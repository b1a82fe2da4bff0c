package main

import (
	"testing"

	"github.com/highwater-dev/highwater/internal/target"
)

func TestWorst(t *testing.T) {
	tests := []struct {
		name  string
		ours  figures
		plain []figures
		want  agreement
	}{
		{"the same every time", figures{48, 1}, []figures{{48, 1}, {48, 1}}, equal},
		{"half a percent", figures{1004, 1}, []figures{{1000, 1}, {1000, 1}}, close},
		{"more than half a percent", figures{1006, 1}, []figures{{1000, 1}, {1000, 1}}, disagree},
		{"one allocation more", figures{48, 2}, []figures{{48, 1}, {48, 1}}, disagree},
		{"nothing, and then something", figures{16, 1}, []figures{{0, 0}, {0, 0}}, disagree},
		{"go test differs by two percent", figures{1030, 1}, []figures{{1000, 1}, {1020, 1}}, spread},
		{"farther off than go test", figures{1060, 1}, []figures{{1000, 1}, {1020, 1}}, disagree},
	}
	for _, test := range tests {
		if got, _ := (benchmark{ours: test.ours, plain: test.plain}).worst(); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestPeakAgrees(t *testing.T) {
	for _, c := range []struct {
		ours, sampler int64
		want          bool
	}{
		{0, 16 << 10, true},
		{0, 18 << 10, false},
		{1 << 20, 1<<20 + 50<<10, true},
		{1 << 20, 1<<20 - 80<<10, false},
		{64 << 10, 0, false},
	} {
		if got, off := (benchmark{peak: c.ours, sampled: c.sampler}).peakAgrees(); got != c.want || off != c.ours-c.sampler {
			t.Errorf("%d, sampled %d: %v, %d off", c.ours, c.sampler, got, off)
		}
	}
}

// Every pattern selects as highwater reads it what it was written for: an alternative
// that no bar outside of brackets parts from the others would be another benchmark's.
func TestPatterns(t *testing.T) {
	named := map[string][]string{
		"github.com/dgraph-io/badger/v4": {"BenchmarkReadWrite/frac_5", "BenchmarkReadWriteMap/frac_5", "BenchmarkBuffer/bytes-buffer", "BenchmarkChecksum/CRC_1024"},
		"github.com/mattn/go-sqlite3":    {"BenchmarkSuite/BenchmarkExec", "BenchmarkSuite/BenchmarkStmt", "BenchmarkCustomFunctions"},
	}
	others := []string{"BenchmarkReadWrite/frac_50", "BenchmarkReadWrite/frac_1", "BenchmarkChecksum/SHA256_1024", "BenchmarkSuite/BenchmarkRows", "BenchmarkWrite"}
	for _, m := range modules {
		if m.Benchmarks == 0 || m.Ops == 0 {
			t.Errorf("%s: how many benchmarks and operations are meant is not said", m.Path)
		}
		for _, name := range named[m.Path] {
			if !target.MatchBench(m.Bench, name) {
				t.Errorf("%s: %s does not select %s", m.Path, m.Bench, name)
			}
		}
		for _, name := range others {
			if named[m.Path] != nil && target.MatchBench(m.Bench, name) {
				t.Errorf("%s: %s selects %s", m.Path, m.Bench, name)
			}
		}
	}
}
