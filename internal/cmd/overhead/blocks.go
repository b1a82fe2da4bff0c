package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/pressure"
	"github.com/highwater-dev/highwater/internal/probe"
)

// The environment variables that make this executable the measured process.
const (
	envProgram = "OVERHEAD_SCENARIO" // which program to run
	envSocket  = "OVERHEAD_SOCKET"   // the probe's
	envTime    = "OVERHEAD_TIME"     // for how long
	envRate    = "OVERHEAD_RATE"     // set: of the heap profile, which is the probe's, too
)

// outcome is what a measured process prints.
type outcome struct {
	// Pairs are the CPU seconds of two neighbouring blocks, without the probe and
	// with it.
	Pairs [][2]float64
	Fixed time.Duration // CPU time of what the probe does before and after
}

func child(id string) int {
	out, err := measured(id)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return highwater.ExitError
	}
	return highwater.ExitOK
}

func measured(id string) (outcome, error) {
	s, ok := pressure.ByID(id)
	if !ok {
		return outcome{}, fmt.Errorf("there is no program %q", id)
	}
	length, err := time.ParseDuration(os.Getenv(envTime))
	if err != nil {
		return outcome{}, err
	}
	begun := probe.CPUTime()
	spec := probe.Spec{Socket: os.Getenv(envSocket), Pass: string(highwater.PassNatural), Scenario: id}
	link, err := probe.Dial(spec, nil)
	if err != nil {
		return outcome{}, err
	}
	agent, err := probe.New(spec, link)
	if err != nil {
		return outcome{}, err
	}
	rate, _ := strconv.Atoi(os.Getenv(envRate)) // unset: 0
	b := &blocks{agent: agent, length: length, rate: rate, order: rand.New(rand.NewPCG(1, 2))}
	b.out.Fixed = probe.CPUTime() - begun
	s.Ops = 1 // More is then asked before each of the others
	err = s.Execute(context.Background(), highwater.PassNatural, b)
	return b.out, err
}

// blockTime is about how long a block is.
const blockTime = 3 * time.Millisecond

// blocks is a Recorder that lets the probe record in every other block of the
// loop.
type blocks struct {
	agent  highwater.Recorder
	length time.Duration
	rate   int // of the heap profile; 0: none
	out    outcome

	begun time.Time
	usual int // operations of a block; 0 while the program warms up
	size  int // of the block under way
	done  int // of its operations
	n     int // blocks done
	with  int // 1: the block under way is with the probe
	since time.Duration
	pair  [2]float64
	order *rand.Rand
}

func (b *blocks) Start()     { b.fixed(b.agent.Start) }
func (b *blocks) LoopStart() { b.fixed(b.agent.LoopStart); b.begun = time.Now() }

func (b *blocks) LoopEnd(int)                  {}
func (b *blocks) Checkpoint(string, int, bool) {}

// More is called between two operations.
func (b *blocks) More(int) bool {
	b.done++
	switch {
	case b.usual == 0:
		if warm := time.Since(b.begun); warm > 100*blockTime {
			b.usual = max(1, int(float64(b.done)*float64(blockTime)/float64(warm)))
			b.turn()
		}
	case b.done >= b.size:
		b.pair[b.with] = (probe.CPUTime() - b.since).Seconds()
		b.n++
		if b.n%2 == 0 {
			b.out.Pairs = append(b.out.Pairs, b.pair)
			if time.Since(b.begun) > b.length {
				return false
			}
		}
		b.turn()
	}
	return true
}

// turn begins the next block. Which of a pair is first, and how long a pair's
// blocks are, is drawn by lot, or the program's own rhythm, such as that of its
// collections, could meet that of the blocks.
func (b *blocks) turn() {
	if b.n%2 == 0 {
		b.size = max(1, b.usual/2+b.order.IntN(b.usual+1))
		b.with = b.order.IntN(2)
	} else {
		b.with = 1 - b.with
	}
	b.done = 0
	runtime.MemProfileRate = 0
	if b.with == 1 {
		runtime.MemProfileRate = b.rate
	}
	b.since = probe.CPUTime()
	if b.with == 1 {
		// As a loop does: twelve times in all of its operations.
		b.agent.Checkpoint("", b.n, true)
		b.agent.More(b.n)
	}
}

func (b *blocks) SteadyEnd() {
	b.agent.LoopEnd(1)
	b.fixed(b.agent.SteadyEnd)
}

func (b *blocks) TornDown() { b.fixed(b.agent.TornDown) }

func (b *blocks) fixed(f func()) {
	begun := probe.CPUTime()
	f()
	b.out.Fixed += probe.CPUTime() - begun
}
