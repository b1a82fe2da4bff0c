package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
)

// programs is where they are, from the root of the repository.
const programs = "internal/cmd/leaks/testdata"

// series is where and how trials are made.
type series struct {
	settings
	key      string
	dir      string
	programs string
	judge    judge // nil: how long it took is not known
}

func prepare(ctx context.Context, s settings) (*series, error) {
	n := &series{settings: s, judge: assessor()}
	cache, err := ledger.Dir("leaks")
	if err != nil {
		return nil, err
	}
	if n.programs, err = filepath.Abs(programs); err != nil {
		return nil, err
	}
	if n.kinds, err = buildable(ctx, s.kinds); err != nil {
		return nil, err
	}
	sources, err := fingerprint(n.programs)
	if err != nil {
		return nil, err
	}
	if n.binary == "" {
		n.binary = filepath.Join(cache, "highwater")
		if err := subject.Build(ctx, n.binary); err != nil {
			return nil, err
		}
	} else if n.binary, err = filepath.Abs(n.binary); err != nil {
		return nil, err
	}
	// The number of soaks and of jobs may grow from one start to the next.
	n.key, err = ledger.Key(n.binary, sources, fmt.Sprint(s.speed, s.duration, s.interval))
	if err != nil {
		return nil, err
	}
	n.dir = filepath.Join(cache, n.key)
	if n.results == "" {
		n.results = filepath.Join(n.dir, "results.jsonl")
	}
	return n, os.MkdirAll(n.dir, 0o755)
}

// buildable leaves out programs that need a C compiler where there is none.
func buildable(ctx context.Context, names []string) ([]string, error) {
	out, err := subject.Output(ctx, "", "go", "env", "CGO_ENABLED")
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(out) == "1" {
		return names, nil
	}
	var all []string
	for _, name := range names {
		if k, _ := named(name); k.Cgo {
			fmt.Fprintf(os.Stderr, "%s is left out: there is no C compiler, or cgo is switched off\n", name)
		} else {
			all = append(all, name)
		}
	}
	return all, nil
}

// plan lists the trials, so that any first part of them has something of everything.
func plan(s settings) []trial {
	var all []trial
	for number := range max(s.leaks, s.twins) {
		for _, name := range s.kinds {
			k, _ := named(name)
			for i, rate := range k.Rates {
				if number < s.leaks {
					all = append(all, trial{name, true, rate, number})
				}
				// A twin's runs are spread over the rates.
				if number < s.twins && number%len(k.Rates) == i {
					all = append(all, trial{name, false, rate, number})
				}
			}
			if !k.leaks() && number < s.twins {
				all = append(all, trial{name, false, 0, number})
			}
		}
	}
	return all
}

// remaining are the trials without a result.
func remaining(plan []trial, done []result) []trial {
	made := map[trial]bool{}
	for _, r := range done {
		made[r.trial] = true
	}
	var todo []trial
	for _, t := range plan {
		if !made[t] {
			todo = append(todo, t)
		}
	}
	return todo
}

// work makes trials, several at once, and gives each result to keep. It ends with the
// first error.
func (n *series) work(ctx context.Context, todo []trial, keep func(result) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan trial)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range n.jobs {
		wg.Go(func() {
			for t := range queue {
				r, err := n.try(ctx, t)
				mu.Lock()
				if err == nil {
					r.print(os.Stderr)
					err = keep(r)
				}
				mu.Unlock()
				if err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, t := range todo {
		if ctx.Err() != nil {
			break
		}
		queue <- t
	}
	close(queue)
	wg.Wait()
	return context.Cause(ctx)
}

// highwater is the soak of a trial's program.
func (n *series) highwater(ctx context.Context, t trial, state string) *exec.Cmd {
	args := []string{
		"stability", "./" + t.Kind, "--quiet", "--duration", n.duration.String(), "--interval", n.interval.String(), "--",
		"-leak=" + strconv.FormatBool(t.Leak), "-speed=" + number(n.speed), "-tick=" + tick(n.speed).String(),
	}
	if t.Rate > 0 {
		args = append(args, "-rate="+number(t.Rate))
	}
	cmd := subject.Command(ctx, n.programs, n.binary, args...)
	cmd.Env = append(cmd.Env, "HIGHWATER_STATE_DIR="+state)
	return cmd
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// tick is how often a program goes to work, by the clock: in time that passes faster,
// not so often that ticks are all that it does.
func tick(speed float64) time.Duration {
	return max(time.Duration(float64(100*time.Millisecond)/speed), 5*time.Millisecond)
}

// try makes one trial. Its report is kept where it is not as it should be.
func (n *series) try(ctx context.Context, t trial) (result, error) {
	r := result{Key: n.key, trial: t, At: time.Now().UTC().Truncate(time.Second)}
	k, _ := named(t.Kind)
	leaks, err := marked(filepath.Join(n.programs, t.Kind))
	if err != nil {
		return r, err
	}
	state, err := os.MkdirTemp(n.dir, "state-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(state)
	file := filepath.Join(n.dir, strings.ReplaceAll(fmt.Sprintf("%s-%t-%g-%d.json", t.Kind, t.Leak, t.Rate, t.Number), "/", "-"))
	run, err := subject.Run(ctx, n.highwater(ctx, t, state), file)
	r.Seconds, r.Exit = run.Seconds, run.Exit
	if err != nil && (ctx.Err() != nil || r.Exit == highwater.ExitUsage) {
		return r, errors.Join(fmt.Errorf("soak %s", t.Kind), err)
	}
	if err != nil {
		r.Error = err.Error() // of this program: the others go on
		return r, nil
	}
	r.take(run.Report, k.Truth, leaks)
	if soak := soakOf(run.Report); soak != nil && r.Leak && n.judge != nil {
		if after, ok := detected(soak, n.judge); ok {
			seconds := after.Seconds() * n.speed
			r.Detected = &seconds
		}
	}
	if r.as(k) == "" {
		_ = os.Remove(file)
	}
	return r, nil
}

// soakOf is the soak behind the report, nil where it has none.
func soakOf(rep *highwater.Report) *highwater.Soak {
	if rep.Run == nil {
		return nil
	}
	for _, m := range rep.Run.Measurements {
		if m.Pass == highwater.PassSoak {
			return m.Soak
		}
	}
	return nil
}
