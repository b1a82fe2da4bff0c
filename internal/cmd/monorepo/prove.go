package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/store"
)

// proof is what was seen of highwater on the module.
type proof struct {
	packages, benchmarks int
	listed               int // benchmarks that --list found in the source
	list                 float64
	first                float64 // seconds until the first measurement
	peak                 int64   // of highwater's own resident memory
	measured             int     // processes, when it was interrupted
	ended                float64 // seconds from the interrupt to its end
	exit                 int
	rows                 int      // of the report on what was measured until then
	runs                 int      // that runs list shows
	wrong                []string // what is not as it should be
	loads                string   // load averages at the beginning and the end
}

// prove runs highwater over the module in dir, interrupts it when it has measured so
// many processes, and looks at what is left.
func prove(ctx context.Context, file, dir string, packages, benchmarks, processes int) (proof, error) {
	p := proof{packages: packages, benchmarks: benchmarks}
	scratch, err := os.MkdirTemp("", "monorepo-")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(scratch)
	state, temporary := filepath.Join(scratch, "state"), filepath.Join(scratch, "tmp")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		return p, err
	}
	env := []string{"HIGHWATER_STATE_DIR=" + state, "TMPDIR=" + temporary}
	if file == "" {
		file = filepath.Join(scratch, "highwater")
		if err := subject.Build(ctx, file); err != nil {
			return p, err
		}
	}
	run := func(args ...string) (subject.Result, error) {
		cmd := subject.Command(ctx, dir, file, args...)
		cmd.Env = append(cmd.Env, env...)
		return subject.Run(ctx, cmd, "")
	}
	begun := load()
	list, err := run("gates", "--list", "./...")
	if err != nil {
		return p, err
	}
	p.list, p.listed = list.Seconds, strings.Count(list.Printed, "/Benchmark")

	if err := p.interrupt(ctx, file, dir, state, env, processes); err != nil {
		return p, err
	}
	p.loads = begun + " to " + load()

	// What was measured can be read afterwards.
	report, err := run("report", "latest", "--format", "json", "--quiet")
	if err != nil {
		return p, err
	}
	var doc struct {
		Report struct{ Rows []json.RawMessage }
	}
	if err := json.Unmarshal([]byte(report.Printed), &doc); err != nil {
		p.wrong = append(p.wrong, "report latest is not to be read: "+err.Error())
	}
	p.rows = len(doc.Report.Rows)
	runs, err := run("runs", "list")
	if err != nil {
		return p, err
	}
	p.runs = strings.Count(runs.Printed, "\n")
	status, err := subject.Output(ctx, dir, "git", "status", "--porcelain", "--ignored")
	if err != nil {
		return p, err
	}
	left, err := os.ReadDir(temporary)
	if err != nil {
		return p, err
	}
	p.judge(status, len(left))
	return p, nil
}

// interrupt starts highwater and interrupts it, as a user does with Ctrl-C.
func (p *proof) interrupt(ctx context.Context, file, dir, state string, env []string, processes int) error {
	printed, err := os.CreateTemp("", "monorepo-*.txt")
	if err != nil {
		return err
	}
	defer os.Remove(printed.Name())
	defer printed.Close()
	cmd := subject.Command(ctx, dir, file, "gates", "./...", "--repeats", "1", "--benchtime", "10x")
	cmd.Env = append(cmd.Env, env...)
	cmd.Stdout, cmd.Stderr = printed, printed
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var asked time.Time
	for tick := time.Tick(50 * time.Millisecond); ; {
		select {
		case err := <-ended:
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if asked.IsZero() {
				text, _ := os.ReadFile(printed.Name())
				return fmt.Errorf("highwater ended by itself before it was interrupted: %w\n%s", err, text)
			}
			p.ended, p.exit = time.Since(asked).Seconds(), cmd.ProcessState.ExitCode()
			text, err := os.ReadFile(printed.Name())
			if err == nil && !strings.Contains(string(text), "interrupted: the report holds") {
				p.wrong = append(p.wrong, "it does not say that it was interrupted")
			}
			return err
		case <-tick:
		}
		p.peak = max(p.peak, highWater(cmd.Process.Pid))
		if !asked.IsZero() {
			continue
		}
		n := measured(state)
		if n > 0 && p.first == 0 {
			p.first = time.Since(begun).Seconds()
		}
		if n >= processes {
			p.measured, asked = n, time.Now()
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				return err
			}
		}
	}
}

// measured is how many processes the newest run in the state directory has.
func measured(state string) int {
	files, err := filepath.Glob(filepath.Join(state, "runs", "*", "run.json"))
	if err != nil || len(files) == 0 {
		return 0
	}
	run, err := store.ReadRun(files[len(files)-1])
	if err != nil {
		return 0 // it is just being written
	}
	return len(run.Measurements)
}

// highWater is the most that was ever resident of a process, in bytes, 0 once it is
// gone.
func highWater(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")), 10, 64)
			return kb << 10
		}
	}
	return 0
}

func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	average, _, _ := strings.Cut(string(text), " ")
	return average
}

// judge adds what is not as it should be.
func (p *proof) judge(status string, temporary int) {
	expect := func(ok bool, format string, args ...any) {
		if !ok {
			p.wrong = append(p.wrong, fmt.Sprintf(format, args...))
		}
	}
	expect(p.listed == p.benchmarks, "--list finds %d benchmarks of %d", p.listed, p.benchmarks)
	expect(p.exit == highwater.ExitError, "it ended with status %d after the interrupt, want %d", p.exit, highwater.ExitError)
	expect(p.rows > 0, "the report has no rows")
	expect(p.runs == 1, "runs list shows %d runs, want 1", p.runs)
	expect(status == "", "git status: %s", status)
	expect(temporary == 0, "%d temporary files are left", temporary)
}

// print prints the table, in Markdown, and reports whether all is as it should be.
func (p proof) print(w io.Writer) bool {
	fmt.Fprintf(w, "%d packages, %d benchmarks, at a load average of %s:\n\n| | |\n|---|---|\n", p.packages, p.benchmarks, p.loads)
	for _, row := range [][2]string{
		{"`gates --list ./...`", fmt.Sprintf("%.1f s, %d benchmarks", p.list, p.listed)},
		{"building all packages and trying all benchmarks, until the first measurement", (time.Duration(p.first) * time.Second).String()},
		{"memory of highwater itself at most, until it was interrupted", highwater.FormatBytes(float64(p.peak))},
		{"Ctrl-C", fmt.Sprintf("after %d processes; %.1f s until its end, exit %d", p.measured, p.ended, p.exit)},
		{"`report latest` and `runs list` afterwards", fmt.Sprintf("%d rows; %d run", p.rows, p.runs)},
		{"`git status --ignored`, temporary files", clean(p.wrong)},
	} {
		fmt.Fprintf(w, "| %s | %s |\n", row[0], row[1])
	}
	return len(p.wrong) == 0
}

func clean(wrong []string) string {
	if len(wrong) == 0 {
		return "nothing is left"
	}
	return "**" + strings.Join(wrong, "; ") + "**"
}
