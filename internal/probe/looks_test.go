package probe

import (
	"math/rand/v2"
	"testing"
)

// Few looks are all kept, as they were.
func TestFewLooks(t *testing.T) {
	var l looks
	l.reserve()
	l.reset()
	for i := range mostLooks - 1 {
		l.add(Look{At: int64(i), Heap: int64(i * i), Stacks: 7, Op: i})
	}
	all, each := l.all()
	if len(all) != mostLooks-1 || each != 1 {
		t.Fatalf("%d looks, each of %d", len(all), each)
	}
	for i, k := range all {
		if k != (Look{At: int64(i), Heap: int64(i * i), Stacks: 7, Op: i}) {
			t.Fatalf("look %d is %+v", i, k)
		}
	}
}

// Of many each kept look is the highest of the stretch that it stands for, whatever their
// number: worked off by hand from what was added.
func TestManyLooks(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{mostLooks, mostLooks + 1, 1000, 12_345, 65_536} {
		var l looks
		l.reserve()
		l.reset()
		added := make([]Look, n)
		for i := range added {
			added[i] = Look{At: int64(i), Heap: random.Int64N(1e6), Stacks: random.Int64N(1e6)}
			l.add(added[i])
		}
		all, each := l.all()
		if len(all) > mostLooks || len(all) < mostLooks/2 || (n+each-1)/each != len(all) {
			t.Fatalf("of %d there are %d, each of %d", n, len(all), each)
		}
		for i, k := range all {
			want := added[i*each]
			for _, a := range added[i*each : min((i+1)*each, n)] {
				if a.live() > want.live() {
					want = a
				}
			}
			if k != want {
				t.Fatalf("of %d look %d is %+v, want %+v", n, i, k, want)
			}
		}
	}
}

// A set-up may begin anew, and so do the looks.
func TestLooksBeginAnew(t *testing.T) {
	var l looks
	l.reserve()
	for range 2 {
		l.reset()
		for i := range 1001 {
			l.add(Look{At: int64(i)})
		}
	}
	l.reset()
	l.add(Look{Heap: 5})
	if all, each := l.all(); len(all) != 1 || each != 1 || all[0].Heap != 5 {
		t.Errorf("%+v, each of %d", all, each)
	}
}

// What is measured is not moved by looking at it.
func TestLooksAllocateNothing(t *testing.T) {
	var l looks
	l.reserve()
	l.reset()
	if n := testing.AllocsPerRun(10_000, func() { l.add(Look{At: 1, Heap: 2}) }); n != 0 {
		t.Errorf("%v allocations a look", n)
	}
}
