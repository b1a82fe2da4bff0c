package driver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/gated/own"
)

// notes is as much of GitLab as keeps the notes of merge request 5.
type notes struct {
	bodies  []string
	answers int // the status to refuse with, 0 for none
}

func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const all = "/projects/17/merge_requests/5/notes"
	var sent struct{ Body string }
	_ = json.NewDecoder(r.Body).Decode(&sent)
	switch {
	case n.answers != 0 && r.Method != http.MethodGet:
		w.WriteHeader(n.answers)
	case r.URL.Path == "/user":
		fmt.Fprint(w, `{"id": 42}`)
	case r.Method == http.MethodGet && r.URL.Path == all:
		shown := []map[string]any{}
		for i, b := range n.bodies {
			shown = append(shown, map[string]any{"id": i, "body": b, "author": map[string]any{"id": 42}})
		}
		_ = json.NewEncoder(w).Encode(shown)
	case r.Method == http.MethodPost && r.URL.Path == all:
		n.bodies = append(n.bodies, sent.Body)
		w.WriteHeader(http.StatusCreated)
	case r.Method == http.MethodPut && len(n.bodies) == 1 && r.URL.Path == all+"/0":
		n.bodies[0] = sent.Body
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// onGitLab makes this process one of a pipeline there, with a server.
func onGitLab(t *testing.T) *notes {
	t.Helper()
	n := &notes{}
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	for k, v := range map[string]string{
		"HIGHWATER_STATE_DIR": t.TempDir(), "GITHUB_ACTIONS": "", "GITHUB_SERVER_URL": "", "GITHUB_EVENT_PATH": "", "GITLAB_CI": "true", "GITLAB_TOKEN": "glpat-secret",
		"CI_API_V4_URL": server.URL, "CI_PROJECT_ID": "17", "CI_MERGE_REQUEST_IID": "5", "CI_PROJECT_URL": "https://gitlab.example/group/app", "CI_MERGE_REQUEST_LABELS": "",
	} {
		t.Setenv(k, v)
	}
	return n
}

// said runs a command line, and returns its status and what it prints.
func said(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), Config{Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs}.withDefaults())
	return code, out.String(), errs.String()
}

// runFile writes a run of some scenarios that hold so many times more than before, in
// which every text from outside is that one, unless it is empty; the names of scenarios
// only where those who read run files take such names.
func runFile(t *testing.T, dir, file, text string, factor float64) string {
	t.Helper()
	inNames := text != "" && len(text) < 100 && strings.IndexFunc(text, unicode.IsControl) < 0
	r := own.Run(11, factor)
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		was := s.ID()
		if text != "" {
			s.Doc = text
		}
		if inNames {
			s.Suite, s.Name, s.Variant = "s"+text, fmt.Sprint(text, i), text
		}
		for k := range r.Measurements {
			m := &r.Measurements[k]
			if m.Scenario != was {
				continue
			}
			m.Scenario = s.ID()
			for n := range m.Sites {
				site := &m.Sites[n]
				if text != "" {
					site.Where.Func, site.Where.File = text, text
					site.Stack = []highwater.Frame{site.Where}
				}
			}
		}
	}
	if text != "" {
		r.Command = []string{"highwater", "gates", text}
		r.Environment.Module, r.Environment.CPU, r.Environment.Branch = text, text, text
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, file)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A run file whose scenarios have such names is refused, in few words.
func TestHostileNamesAreRefused(t *testing.T) {
	onGitLab(t)
	dir := t.TempDir()
	for what, name := range map[string]string{"control": "a\x1b[2J\n::error::owned", "long": strings.Repeat("0123456789", 1000)} {
		path := runFile(t, dir, what+".json", "", 1)
		data, err := os.ReadFile(path)
		if err == nil {
			quoted, _ := json.Marshal(name)
			err = os.WriteFile(path, bytes.ReplaceAll(data, []byte(`"BenchmarkOfSomething/0"`), quoted), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		code, _, errs := said(t, "report", path)
		if code != highwater.ExitError || len(errs) > 1000 || strings.Contains(errs, "\x1b") || strings.Contains(errs, "\n::") {
			t.Errorf("%s: status %d, %d bytes: %.1000q", what, code, len(errs), errs)
		}
	}
}

// The note of a merge request is created, edited, and left alone where nothing has
// changed; what cannot be sent fails nothing.
func TestGitLabNote(t *testing.T) {
	n, dir := onGitLab(t), t.TempDir()
	before, worse, same := runFile(t, dir, "before.json", "", 1), runFile(t, dir, "worse.json", "", 2), runFile(t, dir, "same.json", "", 1)
	for _, c := range []struct{ file, done, says string }{
		{worse, "merge request 5: the note is created", "## ❌ fail: memory of 11 scenarios"},
		{worse, "merge request 5: the note is unchanged", "## ❌ fail"},
		{same, "merge request 5: the note is edited", "## ✅ pass"},
	} {
		code, out, errs := said(t, "comment", c.file, "--baseline", before)
		if code != highwater.ExitOK || !strings.Contains(out, c.done) || len(n.bodies) != 1 || !strings.Contains(n.bodies[0], c.says) {
			t.Fatalf("status %d\n%s%s\nwant %q; notes %q", code, out, errs, c.done, n.bodies)
		}
	}
	n.answers = http.StatusForbidden
	code, _, errs := said(t, "comment", worse, "--baseline", before)
	if code != highwater.ExitOK || !strings.Contains(errs, "the note could not be made: the token may only read") || strings.Contains(errs, "secret") {
		t.Errorf("forbidden: status %d: %s", code, errs)
	}
	t.Setenv("GITLAB_TOKEN", "")
	if code, _, errs := said(t, "comment", worse, "--baseline", before); code != highwater.ExitOK || !strings.Contains(errs, "GITLAB_TOKEN is not set") {
		t.Errorf("a fork: status %d: %s", code, errs)
	}
}

// A check run says of how many lines it shows nothing.
func TestCheckOfMany(t *testing.T) {
	r := &highwater.Report{Verdict: highwater.VerdictFail, Exit: highwater.ExitFail}
	locate := func(f highwater.Frame) (string, bool) { return f.File, f.File != "" }
	for i := range 60 {
		site := highwater.Site{Where: highwater.Frame{Func: "f", File: "a.go", Line: i + 1}}
		r.Findings = append(r.Findings, highwater.Finding{Check: "x", Verdict: highwater.VerdictFail, Reason: "more", Evidence: []highwater.SiteChange{{Site: site}}})
	}
	if c := checkOf("memory", "", r, locate, "## fail"); len(c.Output.Annotations) != 60 || !strings.Contains(c.Output.Title, "; 10 of its annotations are left out") {
		t.Errorf("%d annotations, %q", len(c.Output.Annotations), c.Output.Title)
	}
	r.Findings = r.Findings[:50]
	if c := checkOf("memory", "", r, locate, "## fail"); strings.Contains(c.Output.Title, "left out") {
		t.Error(c.Output.Title)
	}
}

var (
	codes  = regexp.MustCompile("(?s)\n```.*?\n```\n|`[^`\n]*`")
	markup = regexp.MustCompile(`<(!--|/?(details|summary)>|br>)|&[a-z]+;`)
	acts   = regexp.MustCompile(`@\w|<|(?m)^\s*/\w`)
)

// Whatever a run file that comes from somewhere says: each output of the command line holds
// nothing that acts on a terminal or reorders text, and each that is markup holds none but
// ours. (That each is read by what reads such a format is tested in internal/report.)
func TestHostileNamesInAllOutputs(t *testing.T) {
	for what, text := range map[string]string{
		"markup":            "<script>alert(1)</script><img src=x onerror=alert(1)>`</td>|[l](javascript:1)@all",
		"control":           "a\x1b[2J\x1b]0;owned\x07\r\n::error::owned\n/close\n@all",
		"10,000 characters": strings.Repeat("0123456789", 1000),
		"right to left":     "\u202egnp.exe\u2066\u200f",
		"wide":              strings.Repeat("\U0001F600\u0301", 500),
	} {
		t.Run(what, func(t *testing.T) {
			n, dir := onGitLab(t), t.TempDir()
			before, after := runFile(t, dir, "before.json", text, 1), runFile(t, dir, "after.json", text, 2)
			outputs := map[string]string{}
			for _, format := range []string{"text", "json", "markdown", "html", "junit", "sarif", "bench", "comment", "github"} {
				code, out, errs := said(t, "report", after, "--baseline", before, "--format", format)
				if code != highwater.ExitFail || out == "" {
					t.Fatalf("%s: status %d: %.1000s", format, code, errs)
				}
				outputs[format], outputs["errors of "+format] = out, errs
			}
			page := filepath.Join(dir, "page.html")
			if code, _, errs := said(t, "dashboard", after, "--baseline", before, "--no-history", "--output", page); code != highwater.ExitOK {
				t.Fatalf("dashboard: status %d: %s", code, errs)
			}
			data, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			outputs["dashboard"] = string(data)
			if code, _, errs := said(t, "comment", after, "--baseline", before); code != highwater.ExitOK || len(n.bodies) != 1 {
				t.Fatalf("comment: status %d, %d notes: %s", code, len(n.bodies), errs)
			}
			outputs["note"] = n.bodies[0]
			for name, out := range outputs {
				for _, r := range out {
					if !unicode.IsPrint(r) && r != '\n' && r != '\t' && r != '\u2060' {
						t.Errorf("%s holds %U", name, r)
						break
					}
				}
				switch name {
				case "note", "comment", "markdown":
					if found := acts.FindString(markup.ReplaceAllString(codes.ReplaceAllString(out, "CODE"), " ")); found != "" {
						t.Errorf("%s is more than text: %q", name, found)
					}
					if len(out) > 65_535 {
						t.Errorf("%s has %d bytes", name, len(out))
					}
				case "html", "dashboard", "junit":
					for _, bad := range []string{"<script>alert", "<img src", "</td>|"} {
						if strings.Contains(out, bad) {
							t.Errorf("%s holds %s", name, bad)
						}
					}
				}
			}
		})
	}
}
