// Package sound does the work of package faults without its faults.
package sound

import (
	"bytes"
	"io"
	"strconv"
	"sync"
	"testing"
)

var numbers []int

func BenchmarkSlice(b *testing.B) {
	numbers = make([]int, 0, 10_000)
	for b.Loop() {
		numbers = numbers[:0]
		for i := range 10_000 {
			numbers = append(numbers, i)
		}
	}
}

var squares map[int]int

func BenchmarkMap(b *testing.B) {
	squares = make(map[int]int, 1000)
	for b.Loop() {
		clear(squares)
		for i := range 1000 {
			squares[i] = i * i
		}
	}
}

var document bytes.Buffer

func BenchmarkBuffer(b *testing.B) {
	document.Grow(65_000)
	for b.Loop() {
		document.Reset()
		for range 13_000 {
			document.WriteString("five ")
		}
	}
}

var (
	body    = bytes.Repeat([]byte("0123456789abcdef"), 4096)
	buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}
)

func checksum(r io.Reader) (sum byte) {
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for {
		n, err := r.Read(buf[:])
		for _, c := range buf[:n] {
			sum ^= c
		}
		if err != nil {
			return sum
		}
	}
}

func BenchmarkPool(b *testing.B) {
	r := bytes.NewReader(body)
	for b.Loop() {
		r.Reset(body)
		checksum(r)
	}
}

var (
	line  = bytes.Repeat([]byte("k"), 48)
	known = map[string]int{string(line): 1}
)

// Neither the index of a map nor a comparison copies the bytes.
func BenchmarkLookup(b *testing.B) {
	n := 0
	for b.Loop() {
		for range 100 {
			if string(line) != "" {
				n += known[string(line)]
			}
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	var key []byte
	for b.Loop() {
		for i := range 100 {
			key = append(key[:0], 'k')
			key = strconv.AppendInt(key, int64(i+1000), 10)
		}
	}
}

type matrix [26]int64

//go:noinline
func trace(m *matrix) (sum int64) {
	for _, v := range m {
		sum += v
	}
	return sum
}

func BenchmarkStack(b *testing.B) {
	var sum int64
	for b.Loop() {
		for i := range 100 {
			var m matrix
			m[i%len(m)] = 1
			sum += trace(&m)
		}
	}
}

var (
	heads [200][]byte
	input [16 << 10]byte
)

// Each operation keeps 64 B, and none of the 16 KiB around them.
func BenchmarkHeads(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		input[0] = byte(i)
		heads[i%len(heads)] = append(heads[i%len(heads)][:0], input[:64]...)
	}
}

type session struct{ words [8]int64 }

var sessions = make(map[int]*session, 20_000)

// A map that stays full has no need to be smaller.
func BenchmarkFull(b *testing.B) {
	for i := range 20_000 {
		sessions[i] = new(session)
	}
	for i := 0; b.Loop(); i++ {
		sessions[i%20_000].words[1]++
	}
}

type record struct {
	id                      int64
	next                    *record
	size                    int64
	valid, sent, read, last bool
}

var records [20_000]*record

func BenchmarkTight(b *testing.B) {
	for i := range records {
		records[i] = &record{id: int64(i)}
	}
	for i := 0; b.Loop(); i++ {
		records[i%len(records)].size++
	}
}

var cache [100][]byte

// The entries of a cache are replaced, but not at once: each is there for 100 others.
func BenchmarkCache(b *testing.B) {
	n := 0
	for b.Loop() {
		for range 20 {
			cache[n%len(cache)] = make([]byte, 2048)
			n++
		}
	}
}

type node struct {
	left, right *node
	key         int
}

var root *node

func (n *node) insert(key int) *node {
	if n == nil {
		return &node{key: key}
	}
	if key < n.key {
		n.left = n.left.insert(key)
	} else {
		n.right = n.right.insert(key)
	}
	return n
}

// Everything that is allocated lives.
func BenchmarkTree(b *testing.B) {
	n := 0
	for b.Loop() {
		for range 10 {
			n = (n*5 + 1) % 65_536
			root = root.insert(n)
		}
	}
}
