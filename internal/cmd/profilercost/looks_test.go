//go:build linux

package main

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// made is a process whose blocks of 40 ms take 10 % more where a look is under way, at a
// speed that wanders by a fifth within a minute.
func made(extra float64) (looks []look, blocks []block, truth float64) {
	r := rand.New(rand.NewPCG(1, 1))
	start := time.Now()
	for i := range 400 {
		at := start.Add(time.Duration(i)*time.Second + time.Duration(r.Int64N(int64(20*time.Millisecond))))
		looks = append(looks, look{at, at.Add(20 * time.Millisecond)})
	}
	speed, plain, took := 1.0, 0.0, 0.0
	next := 0
	for at := start; at.Before(start.Add(400 * time.Second)); {
		speed += 0.002 * r.NormFloat64()
		one := 0.04 * speed * (1 + 0.03*r.NormFloat64())
		plain += one
		end := at.Add(time.Duration(one * 1e9))
		for next < len(looks) && looks[next].ended.Before(at) {
			next++
		}
		if next < len(looks) && looks[next].begun.Before(end) {
			one *= 1 + extra
		}
		took += one
		end = at.Add(time.Duration(one * 1e9))
		blocks = append(blocks, block{Begun: at, Ended: end, CPU: time.Duration(one * 1e9)})
		at = end
	}
	return looks, blocks, took / plain
}

// What looks cost is found within its interval, and where they cost nothing, nothing is.
func TestFold(t *testing.T) {
	for _, extra := range []float64{0, 0.1, 0.5} {
		looks, blocks, truth := made(extra)
		pairs, near := fold(looks, blocks, 0)
		center, low, high := subject.Ratio(pairs)
		if low > truth || high < truth || high-low > 0.01 || near < 0.15 || near > 0.4 {
			t.Errorf("extra %v: %.4f (%.4f to %.4f) of %d, want %.4f; %.2f are near", extra, center, low, high, len(pairs), truth, near)
		}
		pairs, _ = fold(looks, blocks, 500*time.Millisecond)
		if center, low, high := subject.Ratio(pairs); low > 1.002 || high < 0.998 {
			t.Errorf("extra %v: between looks %.4f (%.4f to %.4f), want 1", extra, center, low, high)
		}
	}
}

// The clock of a process is that of all its threads.
func TestProcessCPU(t *testing.T) {
	before, err := processCPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for n := 0; ; n++ {
		now, err := processCPU(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if now > before {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d readings, and no time has passed", n)
		}
	}
}
