package main

// module is a public module at a pinned version, and what of it is measured.
type module struct {
	Path, Version string
	What          string   // why it is in the list
	Packages      []string // ./... where empty
	Bench         string   // as for go test -bench
	Ops           int      // operations of each benchmark

	// Vendor calls go mod vendor in the copy before anything is measured, as the
	// module's owner would. ReadOnly takes the right to write off the whole copy.
	Vendor, ReadOnly bool

	// Differ are benchmarks that measure something else under highwater than under
	// go test, each with the reason. Their figures are printed, and are no failure.
	Differ map[string]string
}

// modules are chosen so that together they have what makes a module hard to
// measure. Of those with hundreds of benchmarks a part is measured, so that all of
// them take a quarter of an hour on two processors.
var modules = []module{
	{
		Path: "github.com/tidwall/gjson", Version: "v1.18.0", What: "go 1.12, read-only tree",
		Bench: ".", Ops: 1000, ReadOnly: true,
	},
	{
		Path: "github.com/rs/zerolog", Version: "v1.34.0", What: "go 1.15, b.RunParallel",
		Packages: []string{"."}, Bench: "^Benchmark(Log(Empty|Disabled|Fields|ArrayObject)|Context(Fields|Append)|Info)", Ops: 10000,
	},
	{
		Path: "github.com/go-chi/chi/v5", Version: "v5.2.3", What: "go 1.20, HTTP",
		Bench: ".", Ops: 1000,
	},
	{
		Path: "go.etcd.io/bbolt", Version: "v1.4.3", What: "TestMain, memory map, files, go 1.23",
		Packages: []string{".", "./internal/freelist"}, Bench: "^Benchmark(DBBatch(Automatic|Manual)|_FreelistRelease100?K|_freelist)", Ops: 10,
	},
	{
		Path: "go.yaml.in/yaml/v3", Version: "v3.0.4", What: "external test package",
		Bench: "^Benchmark(1|10|100)KBMaps|^BenchmarkDeep", Ops: 10,
	},
	{
		Path: "github.com/gorilla/websocket", Version: "v1.5.3", What: "network, b.RunParallel",
		Bench: ".", Ops: 100, // an operation of the broadcasts is a message to each of 10,000 connections
	},
	{
		Path: "go.uber.org/zap", Version: "v1.27.0", What: "TestMain, vendored, internal packages",
		Packages: []string{"./buffer", "./internal/...", "./zapcore"}, Bench: ".", Ops: 1000, Vendor: true,
		Differ: map[string]string{
			"BenchmarkTake": "it formats its own call stack, in which the calls of highwater's wrapper stand, too",
		},
	},
	{
		Path: "github.com/dgraph-io/badger/v4", Version: "v4.8.0", What: "TestMain, memory off the heap",
		Packages: []string{"./skl", "./table", "./y"}, Bench: "^Benchmark(ReadWrite/frac_5|ReadWriteMap/frac_5|Buffer)", Ops: 1000,
	},
	{
		Path: "github.com/mattn/go-sqlite3", Version: "v1.14.32", What: "cgo",
		Bench: "^Benchmark(Suite/Benchmark(Exec|Query|Params|Stmt)|CustomFunctions)$", Ops: 100,
	},
	{
		Path: "github.com/google/btree", Version: "v1.1.3", What: "generics",
		// The others insert and delete in an order of chance, and allocate by it.
		Bench: "^Benchmark(Seek|Get|GetCloneEachTime|Ascend|Descend|(Ascend|Descend)Range|AscendGreaterOrEqual|DescendLessOrEqual)G$", Ops: 1000,
	},
}
