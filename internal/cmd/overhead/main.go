// Command overhead measures what the probe costs a natural process while its
// workload runs. In one process, blocks of a few milliseconds with the probe at
// work and blocks without it take turns, and the ratio of their CPU times is
// printed with its interval: whole processes one after the other differ
// by more on a shared machine than the probe could ever cost.
//
// The probe at work is its calls from the loop: the natural pass switches the
// heap profile off, whose sampling a program that asks for no profile does
// without. With -rate its sampling counts, too: at 524288 bytes as the runtime has it by
// default, at 1 every allocation. It then says what that costs, and promises nothing.
// What the probe does before and after the workload delays nothing that is
// measured, and is printed apart. It exits 1 unless the cost is surely under one
// percent.
package main

import (
	"bytes"
	"context"
	"encoding/json"
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
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/pressure"
)

// allowed is the ratio that the probe must surely stay under.
const allowed = 1.01

func main() {
	if id := os.Getenv(envProgram); id != "" {
		os.Exit(child(id))
	}
	length := flag.Duration("time", 40*time.Second, "how long each program runs")
	rate := flag.Int("rate", 0, "count the heap profile as the probe's, too, with one sample in so many `bytes`; 0 for none")
	program := flag.String("program", "", "the one `program` to run; empty for all twelve")
	flag.Parse()
	ok, err := run(*length, *rate, *program)
	if err != nil {
		fmt.Fprintln(os.Stderr, "overhead:", err)
		os.Exit(highwater.ExitError)
	}
	if !ok {
		os.Exit(highwater.ExitFail)
	}
}

func run(length time.Duration, rate int, program string) (bool, error) {
	dir, err := os.MkdirTemp("", "overhead-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "probe")
	l, err := net.Listen("unix", socket)
	if err != nil {
		return false, err
	}
	defer l.Close()
	go drain(l)

	fmt.Printf("%-28s %8s  %-18s %8s %12s\n", "program", "ratio", "95 % interval", "blocks", "fixed cost")
	var all [][2]float64
	for _, s := range pressure.Scenarios() {
		if program != "" && s.Name != program {
			continue
		}
		told, err := one(s.ID(), socket, length, rate)
		if err != nil {
			return false, err
		}
		line(s.Name, told.Pairs, fmt.Sprintf("%.1f ms", told.Fixed.Seconds()*1e3))
		all = append(all, told.Pairs...)
	}
	if len(all) == 0 {
		return false, fmt.Errorf("there is no program %q", program)
	}
	return line("all", all, "") < allowed || rate > 0, nil
}

// line prints a line of the table and returns the upper end of its interval.
func line(name string, pairs [][2]float64, fixed string) float64 {
	center, low, high := subject.Ratio(pairs)
	fmt.Printf("%-28s %8.4f  %.4f to %.4f   %8d %12s\n", name, center, low, high, 2*len(pairs), fixed)
	return high
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

// one runs a program in a process of its own and returns what it measured.
func one(id, socket string, length time.Duration, rate int) (outcome, error) {
	self, err := os.Executable()
	if err != nil {
		return outcome{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), length+time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	// On one processor: on several, the collector fills idle time with marking, and
	// a block's CPU time is a matter of luck.
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", envProgram+"="+id, envSocket+"="+socket, envTime+"="+length.String())
	if rate > 0 {
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", envRate, rate))
	}
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		return outcome{}, fmt.Errorf("%s: %w: %s", id, err, strings.TrimSpace(stderr.String()))
	}
	var told outcome
	err = json.Unmarshal(out.Bytes(), &told)
	return told, err
}
