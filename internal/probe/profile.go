package probe

import "runtime"

// rawProfile is a copy of the runtime's heap profile records, into memory that is
// no part of what is measured. Copying takes tens of microseconds; what the
// addresses mean is looked up at the end.
type rawProfile struct {
	records []runtime.MemProfileRecord
	n       int
}

// reserveRecords is the room for distinct stacks, of 288 bytes each: more than
// large programs have at the finest rate.
const reserveRecords = 1 << 16

func (p *rawProfile) reserve() {
	if p.records == nil {
		p.records = makeRecords(reserveRecords)
	}
}

// capture copies the profile of the last completed collection.
func (p *rawProfile) capture() {
	for {
		n, ok := runtime.MemProfile(p.records, true)
		if ok {
			p.n = n
			return
		}
		p.records = makeRecords(n + n/2) // the old room stays mapped: this is rare
	}
}

func (p *rawProfile) copyFrom(q *rawProfile) {
	if len(p.records) < q.n {
		p.records = makeRecords(len(q.records))
	}
	p.n = copy(p.records, q.records[:q.n])
}

// resolve looks the addresses up. Records of nothing live are left out.
func (p *rawProfile) resolve() *Profile {
	out := newProfile()
	for _, r := range p.records[:p.n] {
		if objects, bytes := r.InUseObjects(), r.InUseBytes(); objects > 0 && bytes > 0 {
			out.add(r.Stack(), objects, bytes)
		}
	}
	return out.Profile
}

// resolver makes a Profile of raw records.
type resolver struct {
	*Profile
	index map[Frame]int
}

func newProfile() resolver {
	return resolver{&Profile{Rate: runtime.MemProfileRate}, map[Frame]int{}}
}

func (p resolver) add(stack []uintptr, objects, bytes int64) {
	rec := Record{Objects: objects, Bytes: bytes}
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		if f.Function != "" {
			key := Frame{Func: f.Function, File: f.File, Line: f.Line}
			i, ok := p.index[key]
			if !ok {
				i = len(p.Frames)
				p.index[key] = i
				p.Frames = append(p.Frames, key)
			}
			rec.Stack = append(rec.Stack, i)
		}
		if !more {
			break
		}
	}
	p.Records = append(p.Records, rec)
}
