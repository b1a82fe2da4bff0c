package bench

import (
	"testing"

	"github.com/aws/smithy-go/container/private/cache/lru"
)

// credentials is a cache as a client of a cloud keeps it for as long as it runs.
var credentials = lru.New(100)

// BenchmarkRenew renews the same three entries over and over.
func BenchmarkRenew(b *testing.B) {
	keys := []string{"a", "b", "c"}
	n := 0
	for b.Loop() {
		n++
		credentials.Put(keys[n%len(keys)], n)
	}
}
