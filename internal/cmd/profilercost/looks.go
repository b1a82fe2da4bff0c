//go:build linux

package main

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// A dashboard looks where it takes so much of a processor within a window; the frames
	// that it draws in between take a tenth of that.
	lookCPU    = 1500 * time.Microsecond
	lookWindow = 10 * time.Millisecond
	sampling   = time.Millisecond
	// So long before and after its work is seen a block counts to a look: an endpoint or a
	// probe works before its answer arrives, and caches are cold afterwards.
	before = 150 * time.Millisecond
	after  = 50 * time.Millisecond
)

// look is the time in which a dashboard worked.
type look struct{ begun, ended time.Time }

// watch notes when a process looks, until ctx ends.
func watch(ctx context.Context, pid int) <-chan []look {
	out := make(chan []look, 1)
	go func() {
		var looks []look
		type sample struct {
			at  time.Time
			cpu time.Duration
		}
		var recent []sample
		tick := time.NewTicker(sampling)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				out <- looks
				return
			case <-tick.C:
			}
			cpu, err := processCPU(pid)
			if err != nil {
				continue // it has ended, which its owner notices
			}
			now := time.Now()
			recent = append(recent, sample{now, cpu})
			recent = slices.DeleteFunc(recent, func(s sample) bool { return now.Sub(s.at) > lookWindow })
			if cpu-recent[0].cpu < lookCPU {
				continue
			}
			if n := len(looks); n > 0 && recent[0].at.Sub(looks[n-1].ended) < before+after {
				looks[n-1].ended = now // the same one
			} else {
				looks = append(looks, look{recent[0].at, now})
			}
		}
	}()
	return out
}

// processCPU is the CPU time of another process, to the nanosecond: see clock_getcpuclockid(3).
func processCPU(pid int) (time.Duration, error) {
	const sched = 2 // CPUCLOCK_SCHED
	var t unix.Timespec
	err := unix.ClockGettime(int32(^pid<<3|sched), &t)
	return time.Duration(t.Nano()), err
}

// fold returns a pair for each look: what the blocks around it would have taken if all had
// taken as much as those away from any look, and what they took. Around it is from the
// middle between it and the one before to the middle between it and the next.
//
// With shift, looks are taken to be that much later than they were, and blocks that were
// truly near one count for nothing: what comes out then is noise.
func fold(looks []look, blocks []block, shift time.Duration) (pairs [][2]float64, near float64) {
	touches := func(b block, l look, by time.Duration) bool {
		return b.Ended.After(l.begun.Add(by-before)) && b.Begun.Before(l.ended.Add(by+after))
	}
	all, close := 0, 0
	for i := 1; i+1 < len(looks); i++ {
		l := looks[i]
		from, to := middle(looks[i-1], l).Add(shift), middle(l, looks[i+1]).Add(shift)
		var sumNear, sumAway float64
		var nNear, nAway int
		for _, b := range blocks {
			if b.Begun.Before(from) || !b.Begun.Before(to) {
				continue
			}
			if shift != 0 && slices.ContainsFunc(looks[i-1:i+2], func(l look) bool { return touches(b, l, 0) }) {
				continue
			}
			if touches(b, l, shift) {
				sumNear, nNear = sumNear+b.CPU.Seconds(), nNear+1
			} else {
				sumAway, nAway = sumAway+b.CPU.Seconds(), nAway+1
			}
		}
		if nNear == 0 || nAway == 0 {
			continue
		}
		all, close = all+nNear+nAway, close+nNear
		pairs = append(pairs, [2]float64{sumAway / float64(nAway) * float64(nNear+nAway), sumNear + sumAway})
	}
	if all == 0 {
		return nil, 0
	}
	return pairs, float64(close) / float64(all)
}

func middle(a, b look) time.Time { return a.ended.Add(b.begun.Sub(a.ended) / 2) }
