package hosts

import "github.com/tetratelabs/wazero/experimental"

// limitedMemory refuses an instance more memory than so many bytes. A module that
// is refused does what its language does without memory; a Go program ends.
func limitedMemory(limit int64) experimental.MemoryAllocator {
	return experimental.MemoryAllocatorFunc(func(capacity, _ uint64) experimental.LinearMemory {
		return &linearMemory{limit: uint64(limit)}
	})
}

type linearMemory struct {
	bytes []byte
	limit uint64
}

// Reallocate returns nil for what is over the limit, as the interface wants.
func (m *linearMemory) Reallocate(size uint64) []byte {
	if size > m.limit {
		return nil
	}
	if size > uint64(cap(m.bytes)) {
		grown := make([]byte, size)
		copy(grown, m.bytes)
		m.bytes = grown
	}
	m.bytes = m.bytes[:size]
	return m.bytes
}

func (m *linearMemory) Free() { m.bytes = nil }
