package inspect

import (
	"encoding/binary"
	"fmt"
)

// counts are objects and bytes of a call stack that were sampled.
type counts struct{ allocs, frees, bytes, freed int64 }

func (c counts) plus(d counts) counts {
	return counts{c.allocs + d.allocs, c.frees + d.frees, c.bytes + d.bytes, c.freed + d.freed}
}

// bucket is what the memory profile has of a call stack and a size of objects.
type bucket struct {
	at     uint64
	stack  []uint64 // return addresses, innermost first
	size   int64    // of an object, in bytes
	active counts   // as of the last collection whose garbage is known
	future [3]counts
}

// Bounds of what is believed in.
const (
	mostBuckets  = 1 << 22
	deepestStack = 1024 // maxProfStackDepth in runtime/mprof.go
	cycles       = 3
)

// kindMemory is memProfile, the kind of the buckets of the memory profile.
const kindMemory = 1

// buckets calls do with each bucket, with memory that is used again. They are in a
// list, which only grows at its head, and lie in memory of the runtime one behind the
// other: what is near is read at once.
func (p *Process) buckets(do func(*bucket)) error {
	l := p.layout
	at, err := p.mem.word(p.at("runtime.mbuckets"))
	if err != nil {
		return fmt.Errorf("reading the memory profile: %w", err)
	}
	near := p.near
	near.forget()
	head := make([]byte, l.sizes.bucket)
	var rest []byte
	var b bucket
	for n := 0; at != 0 && n < mostBuckets; n++ {
		if err := near.read(head, at); err != nil {
			return fmt.Errorf("reading the memory profile: %w", err)
		}
		depth := l.bucket.depth.of(head)
		if depth > deepestStack || l.bucket.kind.of(head) != kindMemory {
			return fmt.Errorf("reading the memory profile: %w", errTorn)
		}
		if need := 8*int(depth) + l.sizes.record; cap(rest) < need {
			rest = make([]byte, 2*need)
		}
		rest = rest[:8*int(depth)+l.sizes.record]
		if err := near.read(rest, at+uint64(len(head))); err != nil {
			return fmt.Errorf("reading the memory profile: %w", err)
		}
		b.stack = b.stack[:0]
		for i := range int(depth) {
			b.stack = append(b.stack, word(rest, i))
		}
		b.at, b.size = at, l.bucket.size.int(head)
		p.record(&b, rest[8*depth:])
		do(&b)
		at = l.bucket.next.of(head)
	}
	return nil
}

// record reads the counts.
func (p *Process) record(b *bucket, record []byte) {
	r := &p.layout.record
	read := func(part []byte) counts {
		return counts{r.allocs.int(part), r.frees.int(part), r.bytes.int(part), r.freed.int(part)}
	}
	b.active = read(r.active.words(record))
	future := r.future.words(record)
	for i := range b.future {
		b.future[i] = read(future[i*len(future)/cycles:][:len(future)/cycles])
	}
}

// profileCycle is the number of the profile's cycle, which says which of the future counts
// comes next; and all of the variable, which changes when that is added to the active.
func (p *Process) profileCycle() (cycle, whole uint32, err error) {
	var b [4]byte
	err = p.mem.read(b[:], p.at("runtime.mProfCycle"))
	whole = binary.LittleEndian.Uint32(b[:])
	return whole >> 1, whole, err // the lowest bit says whether that was done
}

// Rate is how many bytes lie between two samples of the memory profile; 1 means that
// none is left out. The error is [ErrNoProfile] where none is taken.
func (p *Process) Rate() (int, error) {
	rate, err := p.mem.word(p.at("runtime.MemProfileRate"))
	if err != nil {
		return 0, fmt.Errorf("reading the rate of the memory profile: %w", err)
	}
	if int64(rate) > 0 && rate < 1<<62 {
		return int(rate), nil
	}
	if at := p.at("runtime.disableMemoryProfiling"); at != 0 {
		var off [1]byte
		if err := p.mem.read(off[:], at); err == nil && off[0] != 0 {
			return 0, fmt.Errorf("%w: nothing in it would read it. Import _ \"net/http/pprof\" or runtime/pprof, or let highwater build it", ErrNoProfile)
		}
	}
	return 0, fmt.Errorf("%w: its runtime.MemProfileRate is %d. Start it without GODEBUG=memprofilerate=0", ErrNoProfile, int64(rate))
}

// Buckets calls do with every call stack and size of objects of the memory profile:
// return addresses, innermost first, which do must not keep; the size of one object in
// bytes; and what was allocated and freed until now, in objects and bytes as they were
// sampled, not scaled. Of what was freed only that counts which the collector has swept.
func (p *Process) Buckets(do func(stack []uint64, size, allocObjects, allocBytes, freeObjects, freeBytes int64)) error {
	return p.buckets(func(b *bucket) {
		c := b.active.plus(b.future[0]).plus(b.future[1]).plus(b.future[2])
		do(b.stack, b.size, c.allocs, c.bytes, c.frees, c.freed)
	})
}
