package inspect

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// picture is what of a process's memory leads to objects, all of one moment.
type picture struct {
	spans    []span
	used     [][]byte // of each span: a bit for each object that is there
	memory   [][]byte // of each span, nil where its objects hold no pointers
	globals  []region
	stacks   []stackCopy
	specials []special
	late     []uint64      // the scheduler's own structures, which lead everywhere
	took     time.Duration // for which the process stood still
}

// region is memory as it was read.
type region struct {
	start uint64
	bytes []byte
}

// stackCopy is what of a goroutine's stack is in use.
type stackCopy struct {
	goroutine
	region
	running bool // its frames cannot be told apart
}

// scanned is how many bytes of the spans may hold pointers: those that are read.
func scanned(spans []span) (n int64) {
	for _, s := range spans {
		if s.pointers {
			n += int64(s.bytes)
		}
	}
	return n
}

// roomFor is memory to read the spans into. It is touched before the process is stopped:
// the kernel takes longer to find it than to fill it.
func roomFor(spans []span, most int64) ([]byte, error) {
	n := scanned(spans)
	if n > most {
		return nil, fmt.Errorf("%w: its objects with pointers take %d MB, and %d MB may be read", ErrLarge, n/1e6, most/1e6)
	}
	const spare = 4 << 20 // it grows until it stops
	b := make([]byte, n+n/8+spare)
	for i := 0; i < len(b); i += 4 << 10 {
		b[i] = 1
	}
	return b, nil
}

// picture stops the process, reads it, and lets it go on.
func (p *Process) picture(ctx context.Context, o HoldersOptions) (*picture, error) {
	before, err := p.spans()
	if err != nil {
		return nil, err
	}
	room, err := roomFor(before, o.MaxBytes)
	if err != nil {
		return nil, err
	}
	s, err := p.stop(ctx, o.MaxStop)
	if err != nil {
		return nil, err
	}
	defer s.resume()
	pic := &picture{}
	for _, step := range []func() error{
		func() error { return p.copyHeap(ctx, s, pic, room, o.MaxBytes) },
		func() error { return p.copyGlobals(pic) },
		func() error { return p.copyStacks(ctx, s, pic) },
		func() (err error) { pic.late, err = p.scheduler(); return err },
		func() error { return p.copySpecials(ctx, s, pic) },
		s.settled,
	} {
		if err := step(); err != nil {
			if errors.Is(err, ErrBusy) {
				err = fmt.Errorf("%w (%v): allow more with MaxStop", ErrBusy, o.MaxStop)
			}
			return nil, err
		}
	}
	s.resume()
	pic.took = s.took
	return pic, nil
}

// chunk is what is read at once.
const chunk = 1 << 20

// copyHeap reads the spans, and of those with pointers all that is in them.
func (p *Process) copyHeap(ctx context.Context, s *stopped, pic *picture, room []byte, most int64) error {
	var err error
	if pic.spans, err = p.spans(); err != nil {
		return err
	}
	n := scanned(pic.spans)
	if n > most {
		return fmt.Errorf("%w: its objects with pointers take %d MB, and %d MB may be read", ErrLarge, n/1e6, most/1e6)
	}
	if n > int64(len(room)) {
		room = make([]byte, n)
	}
	pic.used, pic.memory = make([][]byte, len(pic.spans)), make([][]byte, len(pic.spans))
	bits := newBlocks(p.mem)
	bits.most = 1 << 14
	var parts []region
	for i, v := range pic.spans {
		if i%256 == 0 {
			if err := s.check(ctx); err != nil {
				return err
			}
		}
		if pic.used[i], err = used(v, bits); err != nil {
			return fmt.Errorf("reading the objects of a span: %w", err)
		}
		if !v.pointers || v.allocated == 0 {
			continue
		}
		pic.memory[i] = room[:v.bytes:v.bytes]
		last := len(parts) - 1
		if last >= 0 && parts[last].start+uint64(len(parts[last].bytes)) == v.start && len(parts[last].bytes)+int(v.bytes) <= chunk {
			// They are neighbours in room, too.
			parts[last].bytes = parts[last].bytes[:len(parts[last].bytes)+int(v.bytes)]
		} else {
			parts = append(parts, region{v.start, room[:v.bytes]})
		}
		room = room[v.bytes:]
	}
	return p.readAll(parts, func() error { return s.check(ctx) })
}

// used says which objects of a span are there: those before the first that the allocator
// has not looked at, and those that the last collection found. See mspan.isFree.
func used(s span, bits *blocks) ([]byte, error) {
	b := make([]byte, (s.count+7)/8)
	if s.bits != 0 {
		if err := bits.read(b, s.bits); err != nil {
			return nil, err
		}
	}
	for i := range s.free {
		b[i/8] |= 1 << (i % 8)
	}
	return b, nil
}

// readAll reads parts of memory, two at a time.
func (p *Process) readAll(parts []region, check func() error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for w := range errs {
		wg.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(parts) {
					return
				}
				// A large object is read in pieces, so that it can be broken off.
				for rest := parts[i]; len(rest.bytes) > 0 && errs[w] == nil; {
					n := min(len(rest.bytes), chunk)
					if errs[w] = check(); errs[w] == nil {
						errs[w] = p.mem.read(rest.bytes[:n], rest.start)
					}
					rest = region{rest.start + uint64(n), rest.bytes[n:]}
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("reading the heap: %w", err)
	}
	return nil
}

// copyGlobals reads the variables that may hold pointers.
func (p *Process) copyGlobals(pic *picture) error {
	for _, m := range p.modules {
		for _, t := range m.variables {
			r := region{t.start, make([]byte, t.n)}
			if err := p.mem.read(r.bytes, r.start); err != nil {
				return fmt.Errorf("reading the variables: %w", err)
			}
			pic.globals = append(pic.globals, r)
		}
	}
	return nil
}
