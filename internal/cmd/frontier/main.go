// Command frontier lets highwater debug optimize run scenarios of its suites at several
// settings of GOGC and GOMEMLIMIT, and prints what memory costs each of them in CPU time: a
// table, a chart, the least limit at which throughput stays within 5 %, and a container for
// it.
//
// It exits 1 where the collector does not take more of the CPU time at the lowest GOGC than
// at the highest, or the lowest does not take less memory; and 2 where it could not find out.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/advise"
	"github.com/highwater-dev/highwater/internal/cmd/internal/page"
	"github.com/highwater-dev/highwater/internal/cmd/internal/subject"
	"github.com/highwater-dev/highwater/internal/report"
)

// scenarios are of three suites: lines of a terminal, events of plugins, sessions of a
// server.
const scenarios = "terminal_operations/scrollback@midterm,plugin_system/event_dispatch@goja,load_testing/session_churn@mux"

func main() {
	file := flag.String("highwater", "", "the highwater to run; built from this tree if unset")
	repeats := flag.Int("repeats", 5, "processes at each setting")
	length := flag.Duration("time", 0, "length of each; highwater's own if unset")
	only := flag.String("only", scenarios, "the scenarios, with commas between them")
	onPage := flag.String("page", "", "put what is printed into this `file`, too: docs/debug-proof.md")
	flag.Parse()
	subject.Main("frontier", func(ctx context.Context) (bool, error) {
		dir, err := os.MkdirTemp("", "frontier-")
		if err != nil {
			return false, err
		}
		defer os.RemoveAll(dir)
		if *file, err = subject.Built(ctx, *file, dir); err != nil {
			return false, err
		}
		args := []string{"debug", "optimize", "--frontier", "--quiet", "--repeats", fmt.Sprint(*repeats), "--output", filepath.Join(dir, "frontier.json")}
		if *length > 0 {
			args = append(args, "--time", length.String())
		}
		ok := true
		var text strings.Builder
		fmt.Fprintf(&text, "%s. %d processes at each setting.\n", page.Where(ctx), *repeats)
		out := io.MultiWriter(os.Stdout, &text)
		for _, name := range strings.Split(*only, ",") {
			if _, err := subject.Output(ctx, "", *file, append(args, "--scenario", name)...); err != nil {
				return false, err
			}
			held, err := show(out, filepath.Join(dir, "frontier.json"))
			if err != nil {
				return false, fmt.Errorf("%s: %w", name, err)
			}
			ok = ok && held
		}
		if *onPage != "" {
			return ok, page.Put(*onPage, "frontier", text.String())
		}
		return ok, nil
	})
}

// show prints the frontiers of a result, and reports whether they are as they should be.
func show(w io.Writer, file string) (bool, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	var d advise.Document
	if err := json.Unmarshal(data, &d); err != nil {
		return false, err
	}
	ok := len(d.Subjects) > 0
	for _, s := range d.Subjects {
		if s.Frontier == nil {
			return false, fmt.Errorf("nothing is said of its frontier")
		}
		p := report.Paper{Title: s.Name, Sections: []report.Section{report.FrontierSection(*s.Frontier, s.Container)}}
		fmt.Fprintln(w, "\n```text")
		if err := p.Write(w, "text"); err != nil {
			return false, err
		}
		fmt.Fprintln(w, "```")
		ok = ok && sound(*s.Frontier)
	}
	return ok, nil
}

// sound reports whether the lowest GOGC costs the collector's time and saves memory.
func sound(f highwater.Frontier) bool {
	var low, high *highwater.FrontierPoint
	for i, p := range f.Points {
		if p.Setting.GOGC < 0 || p.Repeats == 0 {
			continue
		}
		if low == nil || p.Setting.GOGC < low.Setting.GOGC {
			low = &f.Points[i]
		}
		if high == nil || p.Setting.GOGC > high.Setting.GOGC {
			high = &f.Points[i]
		}
	}
	return low != nil && low != high && low.GCShare > high.GCShare && low.Footprint.Center < high.Footprint.Center
}
