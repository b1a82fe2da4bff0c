package inspect

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

// Sites are the allocation sites as the memory profile has them, most live bytes first:
// what was live at the last collection whose garbage is known, as runtime.MemProfile
// says it, scaled from samples; and what they have allocated until then. Rate is how
// many bytes lie between two samples. The error is [ErrNoProfile] where there is none.
func (p *Process) Sites() (sites []highwater.SiteUse, rate int, err error) { return p.readSites(false) }

// SitesNow are the same, with what they have allocated until now: the runtime publishes it
// with a later collection.
func (p *Process) SitesNow() (sites []highwater.SiteUse, rate int, err error) {
	return p.readSites(true)
}

func (p *Process) readSites(now bool) (sites []highwater.SiteUse, rate int, err error) {
	if rate, err = p.Rate(); err != nil {
		return nil, 0, err
	}
	var records []profiled
	for range tries {
		var before, after uint32
		if _, before, err = p.profileCycle(); err == nil {
			records, err = p.published()
		}
		if err != nil {
			return nil, 0, err
		}
		// A collection moves counts from one cycle to the next: read in between, they
		// are there twice or not at all.
		if _, after, err = p.profileCycle(); err != nil {
			return nil, 0, fmt.Errorf("reading the memory profile: %w", err)
		}
		if before == after {
			break
		}
	}
	if !now {
		for i := range records {
			records[i].since = counts{}
		}
	}
	return p.sites(records, rate), rate, nil
}

// profiled is what the profile says of a stack and a size, and what was counted since, which
// the runtime publishes with a later collection.
type profiled struct {
	stack []uint64
	size  int64
	counts
	since counts
}

// published is the profile as runtime.MemProfile would have it now.
func (p *Process) published() ([]profiled, error) {
	cycle, _, err := p.profileCycle()
	if err != nil {
		return nil, fmt.Errorf("reading the memory profile: %w", err)
	}
	var all []profiled
	var arena []uint64
	empty := true
	err = p.buckets(func(b *bucket) {
		// What is due is added by whoever reads first.
		c := b.active.plus(b.future[cycle%cycles])
		if c.allocs != 0 || c.frees != 0 {
			empty = false
		}
		n := len(arena)
		arena = append(arena, b.stack...)
		all = append(all, profiled{arena[n:len(arena):len(arena)], b.size, c, b.future[(cycle+1)%cycles].plus(b.future[(cycle+2)%cycles])})
	})
	if empty { // there was no collection yet: all that there is counts
		for i := range all {
			all[i].counts, all[i].since = all[i].plus(all[i].since), counts{}
		}
	}
	return all, err
}

// place is a stack that was looked up.
type place struct {
	stack       []highwater.Frame
	where       highwater.Frame
	fingerprint string
}

// mostPlaces bounds what is remembered from one look to the next.
const mostPlaces = 1 << 15

// place looks a stack up. Key is of its addresses.
func (p *Process) place(key string, stack []uint64) place {
	at, ok := p.places[key]
	if !ok {
		if len(p.places) >= mostPlaces {
			clear(p.places)
		}
		at.stack = p.Frames(stack)
		at.where, at.fingerprint = heap.Where(at.stack), heap.Fingerprint(at.stack)
		p.places[key] = at
	}
	return at
}

// sites scales the records, each by the size of its objects, and takes those of the
// same frames together, as [heap.Sites] does.
func (p *Process) sites(records []profiled, rate int) []highwater.SiteUse {
	byAddress := map[string]*sized{}
	var uses []*sized
	var key []byte
	total := int64(0)
	for _, r := range records {
		made := r.plus(r.since) // what the program has allocated until now
		if r.allocs < 0 || r.bytes < 0 || r.frees < 0 || r.freed < 0 || r.frees > r.allocs || r.freed > r.bytes ||
			made.allocs < r.allocs || made.bytes < r.bytes || made.bytes == 0 {
			continue // never used, or changed while it was read
		}
		key = key[:0]
		for _, pc := range r.stack {
			key = binary.LittleEndian.AppendUint64(key, pc)
		}
		u := byAddress[string(key)]
		if u == nil {
			at := p.place(string(key), r.stack)
			u = &sized{SiteUse: highwater.SiteUse{Site: highwater.Site{Where: at.where, Stack: at.stack, Fingerprint: at.fingerprint}}}
			byAddress[string(key)] = u
			uses = append(uses, u)
		}
		objects, bytes := heap.Scale(r.allocs-r.frees, r.bytes-r.freed, rate)
		u.Objects += objects
		u.Bytes += bytes
		total += bytes
		objects, bytes = heap.Scale(made.allocs, made.bytes, rate)
		u.Allocated.Objects += objects
		u.Allocated.Bytes += bytes
		u.made = append(u.made, highwater.SizeUse{Size: r.size, Objects: objects})
	}
	return merged(uses, total)
}

// sized is a site with what it has allocated, by size.
type sized struct {
	highwater.SiteUse
	made []highwater.SizeUse
}

// finish fills in the sizes.
func (s *sized) finish() highwater.SiteUse {
	if len(s.made) > 1 { // of one stack most have one size only
		objects := make(map[int64]int64, len(s.made))
		for _, m := range s.made {
			objects[m.Size] += m.Objects
		}
		s.AllocatedSizes = heap.SizesOf(objects)
	}
	return s.SiteUse
}

// merged takes together what has other addresses and the same frames.
func merged(uses []*sized, total int64) []highwater.SiteUse {
	slices.SortFunc(uses, func(a, b *sized) int {
		return cmp.Or(cmp.Compare(a.Fingerprint, b.Fingerprint), slices.CompareFunc(a.Stack, b.Stack, compareFrames))
	})
	// More than a number can hold was no number: it was read in the middle of a change.
	uses = slices.DeleteFunc(uses, func(u *sized) bool {
		return min(u.Bytes, u.Objects, u.Allocated.Bytes, u.Allocated.Objects) < 0
	})
	kept := uses[:0]
	for _, u := range uses {
		if last := len(kept) - 1; last >= 0 && slices.Equal(kept[last].Stack, u.Stack) {
			to := kept[last]
			to.Bytes += u.Bytes
			to.Objects += u.Objects
			to.Allocated.Bytes += u.Allocated.Bytes
			to.Allocated.Objects += u.Allocated.Objects
			to.made = append(to.made, u.made...)
			continue
		}
		kept = append(kept, u)
	}
	sites := make([]highwater.SiteUse, len(kept))
	for i, u := range kept {
		sites[i] = u.finish()
		if total > 0 {
			sites[i].Share = float64(sites[i].Bytes) / float64(total)
		}
	}
	slices.SortStableFunc(sites, func(a, b highwater.SiteUse) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Allocated.Bytes, a.Allocated.Bytes))
	})
	return sites
}
