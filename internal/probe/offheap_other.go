//go:build !unix

package probe

import "runtime"

// makeRecords returns room for n records.
func makeRecords(n int) []runtime.MemProfileRecord { return make([]runtime.MemProfileRecord, n) }
