package probe

// Look is what one collection between checkpoints found live, absolute, in bytes.
type Look struct {
	At     int64 `json:"at_ns"`
	Heap   int64 `json:"heap"`
	Stacks int64 `json:"stacks"`
	Op     int   `json:"op"`
}

// live is heap and stacks together.
func (l Look) live() int64 { return l.Heap + l.Stacks }

// mostLooks is how many looks are kept. What is kept is written into Run files, for each
// exact process, and a chart has hardly more room.
const mostLooks = 256

// looks is the course of live memory from collection to collection. Its room is outside
// of the heap and made before the baseline, and keeping a look allocates nothing: it is in
// no figure.
//
// Of many collections not all are kept. When the room is full each look is put together
// with the one after it, and from then on a look stands for twice as many collections. Of
// those the highest stays, so that no spike is lost: what is kept depends on what the
// collections found, and not on the clock.
type looks struct {
	kept    []Look
	n       int
	each    int // how many collections a kept look stands for
	highest Look
	of      int // collections that highest is of
}

func (l *looks) reserve() {
	if l.kept == nil {
		l.kept = offHeap[Look](mostLooks)
	}
}

// reset begins anew.
func (l *looks) reset() { l.n, l.each, l.of = 0, 1, 0 }

func (l *looks) add(look Look) {
	if l.of == 0 || look.live() > l.highest.live() {
		l.highest = look
	}
	if l.of++; l.of < l.each {
		return
	}
	l.of = 0
	l.kept[l.n] = l.highest
	if l.n++; l.n < len(l.kept) {
		return
	}
	for i := 0; i+1 < l.n; i += 2 {
		a, b := l.kept[i], l.kept[i+1]
		if b.live() > a.live() {
			a = b
		}
		l.kept[i/2] = a
	}
	l.n, l.each = l.n/2, 2*l.each
}

// all are the looks, in their order, and how many collections each stands for; the last
// may stand for fewer. It is called once, when nothing is measured any more.
func (l *looks) all() ([]Look, int) {
	all := append([]Look{}, l.kept[:l.n]...)
	if l.of > 0 {
		all = append(all, l.highest)
	}
	return all, l.each
}
