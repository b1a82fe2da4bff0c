package btree

import "testing"

// size is how many items a tree has: about 1 MB.
const size = 40_000

var tree *BTreeG[int]

// filled is a tree of the numbers from 0, each put where next says.
func filled(degree int, next func(i int) int) *BTreeG[int] {
	t := NewOrderedG[int](degree)
	for i := 0; i < size; i++ {
		t.ReplaceOrInsert(next(i))
	}
	return t
}

func up(i int) int       { return i }
func down(i int) int     { return size - i }
func strided(i int) int  { return i * 7919 % size }
func halves(i int) int   { return i%2*size/2 + i/2 }
func repeated(i int) int { return i % (size / 2) }

func each(b *testing.B, work func()) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		work()
	}
}

func BenchmarkTenAscending(b *testing.B)  { each(b, func() { tree = filled(32, up) }) }
func BenchmarkTenDescending(b *testing.B) { each(b, func() { tree = filled(32, down) }) }
func BenchmarkTenStrided(b *testing.B)    { each(b, func() { tree = filled(32, strided) }) }
func BenchmarkTenHalves(b *testing.B)     { each(b, func() { tree = filled(32, halves) }) }
func BenchmarkTenReplaced(b *testing.B)   { each(b, func() { tree = filled(32, repeated) }) }
func BenchmarkTenNarrow(b *testing.B)     { each(b, func() { tree = filled(16, up) }) }
func BenchmarkTenWide(b *testing.B)       { each(b, func() { tree = filled(64, up) }) }

func BenchmarkTenClone(b *testing.B) {
	each(b, func() {
		tree = filled(32, up)
		copied := tree.Clone()
		for i := 0; i < size; i += 100 {
			copied.ReplaceOrInsert(i)
		}
	})
}

func BenchmarkTenDelete(b *testing.B) {
	each(b, func() {
		tree = filled(32, strided)
		for i := 0; i < size; i += 2 {
			tree.Delete(i)
		}
	})
}

func BenchmarkTenWalk(b *testing.B) {
	each(b, func() {
		tree = filled(32, strided)
		sum := 0
		tree.Ascend(func(i int) bool { sum += i; return true })
		if sum != size*(size-1)/2 {
			b.Fatal("items are missing")
		}
	})
}
