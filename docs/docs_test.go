// Package docs_test holds the pages of this folder, the README and CONTRIBUTING
// to the code: tables are generated from it, and links lead somewhere.
package docs_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/platforms"
)

var update = flag.Bool("update", false, "rewrite the generated tables")

// generated compares what stands between the markers of that name in a page with
// want, or writes it there.
func generated(t *testing.T, page, name, want string) {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := bytes.Cut(data, []byte("<!-- begin "+name))
	marker, rest, found2 := bytes.Cut(rest, []byte("-->\n"))
	got, tail, found3 := bytes.Cut(rest, []byte("<!-- end "+name))
	if !found || !found2 || !found3 {
		t.Fatalf("%s lacks the markers of %s", page, name)
	}
	if string(got) == want {
		return
	}
	if !*update {
		t.Errorf("%s: the table of %s is not what the code says; go test ./docs -update writes it\n got %s\nwant %s", page, name, got, want)
		return
	}
	out := string(head) + "<!-- begin " + name + string(marker) + "-->\n" + want + "<!-- end " + name + string(tail)
	if err := os.WriteFile(page, []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

func table(columns ...string) *strings.Builder {
	b := new(strings.Builder)
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
	return b
}

func TestMetrics(t *testing.T) {
	b := table("metric", "unit", "pass", "definition", "noise", "fails against a baseline", "limit", "strict")
	for _, m := range highwater.Metrics() {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", m.Name, m.Unit, m.Pass, m.Doc, noise(m), threshold(m),
			limit(m, highwater.StandardLimits()), limit(m, highwater.StrictLimits()))
	}
	generated(t, "metrics.md", "metrics", b.String())
}

func noise(m highwater.Metric) string {
	if m.Exact || m.Unit == highwater.UnitCount {
		return "none: a count"
	}
	return fmt.Sprintf("%.3g %%, at least %s", 100*m.PriorCV, amount(m, m.PriorAbs))
}

func threshold(m highwater.Metric) string {
	switch {
	case m.Exact:
		return "any increase"
	case m.Relative.IsZero():
		return "not judged"
	}
	return fmt.Sprintf("%.3g %% and %s worse", 100*m.Relative.Relative, amount(m, m.Relative.Floor))
}

func limit(m highwater.Metric, limits []highwater.Limit) string {
	for _, l := range limits {
		if l.Metric == m.Name {
			return amount(m, l.Bound)
		}
	}
	return "none"
}

// amount words a value of the metric, whole numbers of KiB and MiB as such.
func amount(m highwater.Metric, v float64) string {
	switch m.Unit {
	case highwater.UnitBytes, highwater.UnitBytesPerSession, highwater.UnitBytesPerOp:
		for _, u := range []struct {
			bytes int64
			name  string
		}{{highwater.MiB, "MiB"}, {highwater.MB, "MB"}, {highwater.KiB, "KiB"}, {highwater.KB, "KB"}} {
			if ratio := v / float64(u.bytes); ratio >= 1 && ratio*10 == float64(int(ratio*10)) {
				return fmt.Sprintf("%g %s", ratio, u.name)
			}
		}
		return fmt.Sprintf("%g B", v)
	}
	return fmt.Sprintf("%g", v)
}

func TestConditions(t *testing.T) {
	b := table("condition", "where it differs, these are not compared")
	for _, c := range gate.Conditions() {
		fmt.Fprintf(b, "| %s | %s |\n", c.Name, c.Doc)
	}
	generated(t, "metrics.md", "conditions", b.String())
}

// TestVerdicts: the page explains every verdict and every check's threshold.
func TestVerdicts(t *testing.T) {
	data, err := os.ReadFile("metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []highwater.Verdict{
		highwater.VerdictPass, highwater.VerdictNew, highwater.VerdictUnjudged, highwater.VerdictUnsupported, highwater.VerdictWarn,
		highwater.VerdictInconclusive, highwater.VerdictMissing, highwater.VerdictError, highwater.VerdictFail,
	} {
		if !bytes.Contains(data, []byte("\n| `"+string(v)+"` | ")) {
			t.Errorf("metrics.md does not explain the verdict %s", v)
		}
	}
}

// pages are the repository's pages, from this folder.
func pages(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(all, "../README.md", "../CONTRIBUTING.md")
}

// Every page of this folder is in its index.
func TestIndex(t *testing.T) {
	index, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages(t) {
		if filepath.Dir(page) == "." && page != "README.md" && !bytes.Contains(index, []byte("]("+page+")")) {
			t.Errorf("docs/README.md does not list %s", page)
		}
	}
}

// What each system can measure.
func TestPlatforms(t *testing.T) {
	b := table("metric", "Linux", "macOS", "Windows")
	for _, m := range highwater.Metrics() {
		row := []string{"`" + m.Name + "`"}
		for _, goos := range platforms.Systems() {
			s := platforms.On(m, goos)
			cell := s.How
			if s.Lacking != "" {
				cell = "**unsupported**: " + s.Lacking
			}
			row = append(row, cell)
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
	generated(t, "platforms.md", "platforms", b.String())
	k := table("name", "what it is")
	for _, key := range platforms.Keys() {
		fmt.Fprintf(k, "| `%s` | %s |\n", key.Name, key.Doc)
	}
	generated(t, "platforms.md", "keys", k.String())
}
