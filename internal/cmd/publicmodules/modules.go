package main

// module is a public module at a pinned version, and what of it is measured.
type module struct {
	Path, Version string
	What          string   // why it is in the list
	Packages      []string // ./... where empty
	Bench         string   // as for go test -bench: only bars outside of brackets part alternatives
	Benchmarks    int      // how many Bench selects: a pattern that selects another number is wrong
	Ops           int      // operations of each benchmark

	// Peaks is a pattern of the benchmarks whose peaks are checked, the largest of
	// all where empty; PeakOps the operations that they make then, Ops where 0. Under
	// the sampler each collects thousands of times.
	Peaks   string
	PeakOps int

	// Vendor calls go mod vendor in the copy before anything is measured, as the
	// module's owner would. ReadOnly takes the right to write off the whole copy.
	Vendor, ReadOnly bool

	// Differ are benchmarks that measure something else under highwater than under
	// go test, each with the reason. Their figures are printed, and are no failure.
	Differ map[string]string
}

// peakOps is the number of operations with which peaks are checked.
func (m module) peakOps() int {
	if m.PeakOps > 0 {
		return m.PeakOps
	}
	return m.Ops
}

// modules are chosen so that together they have what makes a module hard to
// measure. Of those with hundreds of benchmarks a part is compared with go test, so
// that all of them take less than an hour on two processors; that all of them can be
// measured is tried with an operation each.
var modules = []module{
	{
		Path: "github.com/tidwall/gjson", Version: "v1.18.0", What: "go 1.12, read-only tree",
		Bench: ".", Benchmarks: 3, Ops: 1000, ReadOnly: true,
	},
	{
		Path: "github.com/rs/zerolog", Version: "v1.34.0", What: "go 1.15, b.RunParallel",
		Packages: []string{"."}, Bench: "^Benchmark(Log(Empty|Disabled|Fields|ArrayObject)|Context(Fields|Append)|Info)", Benchmarks: 6, Ops: 10000,
	},
	{
		Path: "github.com/go-chi/chi/v5", Version: "v5.2.3", What: "go 1.20, HTTP",
		Bench: ".", Benchmarks: 11, Ops: 1000,
	},
	{
		Path: "go.etcd.io/bbolt", Version: "v1.4.3", What: "TestMain, memory map, files, go 1.23",
		Packages: []string{".", "./internal/freelist"}, Bench: "^Benchmark(DBBatch(Automatic|Manual)|_FreelistRelease100?K|_freelist)", Benchmarks: 5, Ops: 10,
		Peaks: "FreelistRelease", PeakOps: 3,
	},
	{
		Path: "go.yaml.in/yaml/v3", Version: "v3.0.4", What: "external test package",
		Bench: "^Benchmark(1|10|100)KBMaps|^BenchmarkDeep", Benchmarks: 5, Ops: 10,
		Peaks: "^Benchmark(10|100)KBMaps", PeakOps: 2,
	},
	{
		// An operation of its broadcasts is a message to each of 10,000 connections, in
		// the order of chance: they are measured by one operation only.
		Path: "github.com/gorilla/websocket", Version: "v1.5.3", What: "network, b.RunParallel",
		Bench: "^Benchmark(Write|Mask)", Benchmarks: 16, Ops: 1000,
		Peaks: "Write", PeakOps: 20,
	},
	{
		Path: "go.uber.org/zap", Version: "v1.27.0", What: "TestMain, vendored, internal packages",
		Packages: []string{"./buffer", "./internal/...", "./zapcore"}, Bench: ".", Benchmarks: 21, Ops: 1000, Vendor: true,
		// Those with b.RunParallel take buffers of 200 KB out of pools: how many at once is
		// the order of chance.
		Peaks: "^Benchmark(Buffers|JSONLogMarshalerFunc)", PeakOps: 20,
		Differ: map[string]string{
			"BenchmarkTake": "it formats its own call stack, in which the calls of highwater's wrapper stand, too",
		},
	},
	{
		Path: "github.com/dgraph-io/badger/v4", Version: "v4.8.0", What: "TestMain, memory off the heap",
		Packages: []string{"./skl", "./table", "./y"}, Bench: "^BenchmarkReadWrite(Map)?$/^frac_5$|^BenchmarkBuffer$|^BenchmarkChecksum$/^CRC_", Benchmarks: 14, Ops: 1000,
		Peaks: "^BenchmarkBuffer/",
	},
	{
		Path: "github.com/mattn/go-sqlite3", Version: "v1.14.32", What: "cgo",
		Bench: "^BenchmarkSuite$/^Benchmark(Exec|Query|Params|Stmt)$|^BenchmarkCustomFunctions$", Benchmarks: 5, Ops: 100,
	},
	{
		Path: "github.com/google/btree", Version: "v1.1.3", What: "generics",
		// The others insert and delete in an order of chance, and allocate by it.
		Bench: "^Benchmark(Seek|Get|GetCloneEachTime|Ascend|Descend|(Ascend|Descend)Range|AscendGreaterOrEqual|DescendLessOrEqual)G$", Benchmarks: 9, Ops: 1000,
	},
}
