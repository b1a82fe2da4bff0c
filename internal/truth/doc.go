// Package truth holds workloads whose memory is known by hand, to check what
// highwater measures against what is true. Their sizes are chosen from the Go
// allocator's size classes, so that an object of n bytes takes n bytes.
//
// [Cases] are run by `go run ./internal/cmd/truth`, which prints a table of
// truth and measurement, and by the package's test.
package truth
