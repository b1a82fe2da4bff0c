// Command overhead measures what the probe costs a natural process: the same
// workload is run with the probe and without, alternately (A B B A), in fresh
// processes, and the ratio of CPU times is printed with its interval. It exits 1
// when the probe costs more than one percent for sure.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/pressure"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/stat"
)

// The environment variables that make this executable the measured process.
const (
	envWith    = "OVERHEAD_SOCKET"   // the probe's socket; empty for no probe
	envProgram = "OVERHEAD_SCENARIO" // which program to run
)

func main() {
	if id := os.Getenv(envProgram); id != "" {
		os.Exit(child(id, os.Getenv(envWith)))
	}
	pairs := flag.Int("pairs", 20, "pairs of processes for each program")
	operations := flag.Int("ops", 400, "operations of each process")
	flag.Parse()
	if err := run(*pairs, *operations); err != nil {
		fmt.Fprintln(os.Stderr, "overhead:", err)
		os.Exit(highwater.ExitError)
	}
}

// child runs the program and prints the CPU time that it took.
func child(id, socket string) int {
	s, ok := pressure.ByID(id)
	if !ok {
		fmt.Fprintln(os.Stderr, "no program", id)
		return highwater.ExitUsage
	}
	if _, err := fmt.Sscan(os.Getenv("OVERHEAD_OPS"), &s.Ops); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return highwater.ExitUsage
	}
	var rec highwater.Recorder = silent{}
	if socket != "" {
		spec := probe.Spec{Socket: socket, Pass: string(highwater.PassNatural), Scenario: id}
		link, err := probe.Dial(spec, nil)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return highwater.ExitError
		}
		agent, err := probe.New(spec, link)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return highwater.ExitError
		}
		rec = agent
	}
	w := &window{Recorder: rec}
	if err := s.Execute(context.Background(), highwater.PassNatural, w); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return highwater.ExitError
	}
	fmt.Println(w.took.Nanoseconds())
	return highwater.ExitOK
}

// window takes the CPU time from the start of the workload to the end of its
// steady phase: all during which the probe could be in the way.
type window struct {
	highwater.Recorder
	begun, took time.Duration
}

func (w *window) Start() {
	w.begun = probe.CPUTime()
	w.Recorder.Start()
}

func (w *window) LoopEnd(ops int) {
	w.Recorder.LoopEnd(ops)
	w.took = probe.CPUTime() - w.begun
}

// silent is no probe at all.
type silent struct{}

func (silent) Start()                       {}
func (silent) LoopStart()                   {}
func (silent) LoopEnd(int)                  {}
func (silent) Checkpoint(string, int, bool) {}
func (silent) More(int) bool                { return false }
func (silent) SteadyEnd()                   {}
func (silent) TornDown()                    {}

func run(pairs, operations int) error {
	dir, err := os.MkdirTemp("", "overhead-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "probe")
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	defer l.Close()
	go drain(l)

	fmt.Printf("%-28s %8s  %s\n", "program", "ratio", "95 % interval of the CPU time with the probe over that without")
	var all []float64
	for _, s := range pressure.Scenarios() {
		ratios := make([]float64, 0, pairs)
		for i := range pairs {
			a, b := socket, ""
			if i%2 == 1 {
				a, b = b, a
			}
			first, err := one(s.ID(), a, operations)
			if err != nil {
				return err
			}
			second, err := one(s.ID(), b, operations)
			if err != nil {
				return err
			}
			if i%2 == 1 {
				first, second = second, first
			}
			ratios = append(ratios, first/second)
		}
		interval := stat.MedianInterval(ratios)
		fmt.Printf("%-28s %8.4f  %.4f to %.4f\n", s.Name, interval.Center, interval.Low, interval.High)
		all = append(all, ratios...)
	}
	interval := stat.MedianInterval(all)
	fmt.Printf("%-28s %8.4f  %.4f to %.4f\n", "all", interval.Center, interval.Low, interval.High)
	if interval.Low > 1.01 {
		return fmt.Errorf("the probe costs more than 1 %%")
	}
	return nil
}

func drain(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			_, _ = io.Copy(io.Discard, c)
		}()
	}
}

// one runs a process and returns the CPU nanoseconds that it reports.
func one(id, socket string, operations int) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), envProgram+"="+id, envWith+"="+socket, fmt.Sprintf("OVERHEAD_OPS=%d", operations))
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w: %s", id, err, strings.TrimSpace(stderr.String()))
	}
	var ns float64
	_, err = fmt.Sscan(out.String(), &ns)
	return ns, err
}
