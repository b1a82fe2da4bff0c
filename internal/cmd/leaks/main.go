package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
	"github.com/highwater-dev/highwater/internal/cmd/internal/page"
)

// settings are the flags.
type settings struct {
	real               bool
	speed              float64
	duration, interval time.Duration
	leaks, twins       int
	kinds              []string
	jobs               int
	results, binary    string
	page               string
}

func main() {
	var s settings
	flag.BoolVar(&s.real, "real", false, "let time pass as it does; for leaks, unless -twins is given")
	flag.Float64Var(&s.speed, "speed", 40, "how much faster the programs' time passes without -real")
	flag.DurationVar(&s.duration, "duration", 0, "length of a soak; 15s, or 10m with -real, if unset")
	flag.DurationVar(&s.interval, "interval", 0, "time between checkpoints; 100ms, or 5s with -real, if unset")
	flag.IntVar(&s.leaks, "leaks", 3, "soaks of each leak at each rate; one with -real, if unset")
	flag.IntVar(&s.twins, "twins", -1, "soaks of each twin and of each clean program; as many as make a hundred, or none with -real, if unset")
	only := flag.String("kinds", strings.Join(names(), ","), "`programs`, separated by commas")
	flag.IntVar(&s.jobs, "jobs", 2*runtime.NumCPU(), "soaks at once")
	flag.StringVar(&s.results, "results", "", "`file` that results are kept in; otherwise one in the user's cache, for the binary and the settings")
	flag.StringVar(&s.binary, "highwater", "", "`file` of the highwater to run; otherwise it is built from this tree")
	flag.StringVar(&s.page, "page", "", "put the table into this `file`, too: docs/leaks.md")
	flag.Parse()
	set := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { set[f.Name] = true })
	s.kinds = strings.Split(*only, ",")
	s.fill(set)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code, err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "leaks:", err)
	}
	os.Exit(code)
}

// fill puts in what was not given, which depends on whether time passes as it does.
func (s *settings) fill(set map[string]bool) {
	duration, interval := 15*time.Second, 100*time.Millisecond
	if s.real {
		duration, interval, s.speed = 10*time.Minute, 5*time.Second, 1
		if !set["leaks"] {
			s.leaks = 1
		}
	}
	if s.duration == 0 {
		s.duration = duration
	}
	if s.interval == 0 {
		s.interval = interval
	}
	if s.twins < 0 {
		if s.twins = 0; !s.real {
			const runs = 100
			s.twins = (runs + len(s.kinds) - 1) / len(s.kinds)
		}
	}
}

func (s settings) valid() error {
	for _, name := range s.kinds {
		if _, ok := named(name); !ok {
			return fmt.Errorf("unknown program %q; there are %s", name, strings.Join(names(), ", "))
		}
	}
	if flag.NArg() > 0 || s.speed <= 0 || s.leaks < 0 || s.twins < 0 || s.jobs < 1 || s.interval <= 0 || s.duration < s.interval {
		return errors.New("want no argument, a speed above 0, at least one job, and a duration of some intervals")
	}
	return nil
}

func run(ctx context.Context, s settings) (int, error) {
	if err := s.valid(); err != nil {
		return highwater.ExitUsage, err
	}
	series, err := prepare(ctx, s)
	if err != nil {
		return highwater.ExitError, err
	}
	book, err := ledger.Open[result](series.results)
	if err != nil {
		return highwater.ExitError, err
	}
	defer book.Close()
	for _, r := range book.All {
		if r.Key != series.key {
			return highwater.ExitError, fmt.Errorf("%s holds results of another binary, other programs or other settings: name another file with -results, or remove it", series.results)
		}
	}
	todo := remaining(plan(series.settings), book.All)
	fmt.Fprintf(os.Stderr, "%d soaks of %s to make, %d at once, results in %s\n", len(todo), s.duration, s.jobs, series.results)
	err = series.work(ctx, todo, book.Add)
	if ctx.Err() != nil {
		err = errors.New("interrupted: the next start goes on from here")
	}
	var text strings.Builder
	code := table(io.MultiWriter(os.Stdout, &text), series.settings, page.Where(ctx), book.All)
	if s.page != "" && err == nil {
		err = page.Put(s.page, s.table(), text.String())
	}
	if err != nil && code == highwater.ExitOK {
		code = highwater.ExitError
	}
	return code, err
}

// table names the place of the table on the page.
func (s settings) table() string {
	if s.real {
		return "leaks -real"
	}
	return "leaks"
}
