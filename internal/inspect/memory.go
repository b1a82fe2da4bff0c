package inspect

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"syscall"
)

// memory is that of a process. Addresses are offsets: a file of it is opened once and
// stays with that program, also where the process id goes to another one; reading by
// process id (process_vm_readv) would not notice.
type memory struct {
	at io.ReaderAt
}

// highest is above all addresses of programs, with five levels of page tables too.
const highest = 1 << 56

// read fills b. The error is [ErrGone] where there is no memory any more, and errTorn
// where there is none at that address.
func (m memory) read(b []byte, addr uint64) error {
	if addr == 0 || addr >= highest-uint64(len(b)) {
		return errTorn
	}
	if len(b) == 0 {
		return nil
	}
	n, err := m.at.ReadAt(b, int64(addr))
	switch {
	case n == len(b):
		return nil
	case n == 0 && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ESRCH)):
		return ErrGone // the kernel has taken the memory apart
	}
	return fmt.Errorf("%w (no memory at %#x)", errTorn, addr+uint64(n))
}

// word reads an address or a count.
func (m memory) word(addr uint64) (uint64, error) {
	var b [8]byte
	err := m.read(b[:], addr)
	return binary.LittleEndian.Uint64(b[:]), err
}

// text reads a string of at most most bytes.
func (m memory) text(addr, n, most uint64) (string, error) {
	if n == 0 {
		return "", nil
	}
	if n > most {
		return "", errTorn
	}
	b := make([]byte, n)
	err := m.read(b, addr)
	return string(b), err
}

// blocks remembers memory that does not change, or need not be newer than the look
// that it belongs to.
type blocks struct {
	memory
	kept  map[uint64][]byte
	most  int      // of them
	used  [][]byte // what kept lies in
	spare [][]byte // the same of before, to be used again
}

const (
	blockSize  = 4 << 10 // a page: what is beside it may not be mapped
	mostBlocks = 48
	nearBlocks = 32
)

const blocksAhead = 4 // are read at once

func newBlocks(m memory) *blocks {
	return &blocks{memory: m, kept: map[uint64][]byte{}, most: mostBlocks}
}

// forget forgets all blocks. Their memory is used again: none of them may be looked at
// any more.
func (c *blocks) forget() {
	clear(c.kept)
	c.spare, c.used = append(c.spare, c.used...), c.used[:0]
}

// room is memory for some blocks, with anything in it.
func (c *blocks) room() []byte {
	var b []byte
	if n := len(c.spare); n > 0 {
		b, c.spare = c.spare[n-1], c.spare[:n-1]
	} else {
		b = make([]byte, blocksAhead*blockSize)
	}
	c.used = append(c.used, b)
	return b
}

// block returns the block that starts at an address, until the next call. Of nearby ones
// that are missing too, some are read at once.
func (c *blocks) block(start uint64) ([]byte, error) {
	if b, ok := c.kept[start]; ok {
		return b, nil
	}
	if len(c.kept) >= c.most {
		c.forget()
	}
	big := c.room()
	first := start &^ (blocksAhead*blockSize - 1)
	if c.memory.read(big, first) == nil {
		for i := range uint64(blocksAhead) {
			c.kept[first+i*blockSize] = big[i*blockSize : (i+1)*blockSize : (i+1)*blockSize]
		}
		return c.kept[start], nil
	}
	b := big[:blockSize:blockSize]
	if err := c.memory.read(b, start); err != nil {
		last := len(c.used) - 1 // nothing is kept there
		c.spare, c.used = append(c.spare, c.used[last]), c.used[:last]
		return nil, err
	}
	c.kept[start] = b
	return b, nil
}

// rest is what is known from an address on, up to the end of its block.
func (c *blocks) rest(addr uint64) ([]byte, error) {
	if addr == 0 || addr >= highest {
		return nil, errTorn
	}
	b, err := c.block(addr &^ (blockSize - 1))
	if err != nil {
		return nil, err
	}
	return b[addr&(blockSize-1):], nil
}

func (c *blocks) read(b []byte, addr uint64) error {
	for len(b) > 0 {
		rest, err := c.rest(addr)
		if err != nil {
			return err
		}
		n := copy(b, rest)
		b, addr = b[n:], addr+uint64(n)
	}
	return nil
}

func (c *blocks) uint32(addr uint64) (uint32, error) {
	var b [4]byte
	err := c.read(b[:], addr)
	return binary.LittleEndian.Uint32(b[:]), err
}

// longestName bounds what ends with a zero byte: names of functions and files.
const longestName = 4 << 10

// name reads a string that ends with a zero byte, or before the address end.
func (c *blocks) name(addr, end uint64) (string, error) {
	var text []byte
	for addr < end && len(text) < longestName {
		rest, err := c.rest(addr)
		if err != nil {
			return "", err
		}
		rest = rest[:min(uint64(len(rest)), end-addr)]
		if i := bytes.IndexByte(rest, 0); i >= 0 {
			return string(append(text, rest[:i]...)), nil
		}
		text = append(text, rest...)
		addr += uint64(len(rest))
	}
	return "", errTorn
}
