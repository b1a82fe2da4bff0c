package bench

import (
	"testing"

	lru "github.com/hashicorp/golang-lru/v2"
)

// BenchmarkFill fills a cache of a thousand entries ten times over.
func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		cache, err := lru.New[int, [64]byte](1000)
		if err != nil {
			b.Fatal(err)
		}
		for i := range 10_000 {
			cache.Add(i, [64]byte{})
		}
	}
}
