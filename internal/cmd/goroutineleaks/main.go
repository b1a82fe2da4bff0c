package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/ledger"
	"github.com/highwater-dev/highwater/internal/cmd/internal/page"
)

// settings are the flags.
type settings struct {
	only    string
	runs    int
	jobs    int
	results string
	page    string
}

func main() {
	var s settings
	flag.StringVar(&s.only, "only", "", "run the entries with this `text` in their name")
	flag.IntVar(&s.runs, "runs", 0, "runs of each entry; as many as the runtime's test makes, 3 or, of flaky ones, 11, if unset")
	flag.IntVar(&s.jobs, "jobs", runtime.NumCPU(), "runs at once")
	flag.StringVar(&s.results, "results", "", "`file` that results are kept in; otherwise one in the user's cache, for this build of the corpus")
	flag.StringVar(&s.page, "page", "", "put the table into this `file`, too: docs/leaks.md")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	code, err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "goroutineleaks:", err)
	}
	os.Exit(code)
}

// result is one run of an entry.
type result struct {
	Key   string `json:"key"`
	Entry string `json:"entry"`
	Run   int    `json:"run"`
	sight
}

func run(ctx context.Context, s settings) (int, error) {
	if flag.NArg() > 0 || s.runs < 0 || s.jobs < 1 {
		return highwater.ExitUsage, errors.New("want no argument, no negative number of runs, and at least one job")
	}
	c, err := locate(ctx)
	if err != nil {
		return highwater.ExitError, err
	}
	entries, err := c.entries()
	if err != nil {
		return highwater.ExitError, err
	}
	if entries = chosen(entries, s.only); len(entries) == 0 {
		return highwater.ExitUsage, fmt.Errorf("no entry has %q in its name", s.only)
	}
	cache, err := ledger.Dir("goroutineleaks")
	if err != nil {
		return highwater.ExitError, err
	}
	fmt.Fprintf(os.Stderr, "building the corpus with GOEXPERIMENT=%s: minutes, the first time\n", experiment)
	if err := c.build(ctx, cache); err != nil {
		return highwater.ExitError, err
	}
	key, err := c.key()
	if err != nil {
		return highwater.ExitError, err
	}
	if s.results == "" {
		s.results = filepath.Join(cache, key, "results.jsonl")
	}
	book, err := ledger.Open[result](s.results)
	if err != nil {
		return highwater.ExitError, err
	}
	defer book.Close()
	for _, r := range book.All {
		if r.Key != key {
			return highwater.ExitError, fmt.Errorf("%s holds results of another build: name another file with -results, or remove it", s.results)
		}
	}
	todo := remaining(entries, s.runs, book.All)
	fmt.Fprintf(os.Stderr, "%d runs to make, results in %s\n", len(todo), s.results)
	err = c.work(ctx, todo, s.jobs, func(r result) error {
		r.Key = key
		return book.Add(r)
	})
	if ctx.Err() != nil {
		err = errors.Join(err, errors.New("interrupted: the next start goes on from here"))
	}
	var text strings.Builder
	code := table(io.MultiWriter(os.Stdout, &text), page.Where(ctx), entries, s.runs, book.All)
	if s.page != "" && err == nil {
		err = page.Put(s.page, "goroutineleaks", text.String())
	}
	if err != nil && code == highwater.ExitOK {
		code = highwater.ExitError
	}
	return code, err
}

// key is that of both programs.
func (c *corpus) key() (string, error) {
	one, err := ledger.Key(c.programs[false])
	if err != nil {
		return "", err
	}
	return ledger.Key(c.programs[true], one)
}

func chosen(entries []entry, text string) []entry {
	var all []entry
	for _, e := range entries {
		if strings.Contains(e.Name, text) {
			all = append(all, e)
		}
	}
	return all
}

// times is how often an entry is run.
func (e entry) times(runs int) int {
	if runs > 0 {
		return runs
	}
	return e.repetitions()
}

// one is one run to make.
type one struct {
	entry entry
	run   int
}

func remaining(entries []entry, runs int, done []result) []one {
	type id struct {
		entry string
		run   int
	}
	made := map[id]bool{}
	for _, r := range done {
		made[id{r.Entry, r.Run}] = true
	}
	var todo []one
	for _, e := range entries {
		for n := range e.times(runs) {
			if !made[id{e.Name, n}] {
				todo = append(todo, one{e, n})
			}
		}
	}
	return todo
}

// work makes the runs, some at once. One that fails leaves the others.
func (c *corpus) work(ctx context.Context, todo []one, jobs int, keep func(result) error) error {
	queue := make(chan one)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed []error
	for range jobs {
		wg.Go(func() {
			for t := range queue {
				s, err := look(ctx, c.programs[t.entry.Goker], t.entry)
				mu.Lock()
				if err == nil {
					err = keep(result{Entry: t.entry.Name, Run: t.run, sight: s})
				}
				if err != nil {
					failed = append(failed, err)
				}
				mu.Unlock()
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
	return errors.Join(failed...)
}
