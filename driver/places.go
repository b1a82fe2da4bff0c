package driver

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/report"
)

// places finds lines of source in the repository of the working directory.
type places struct {
	root     string // of the repository; of the module where there is none
	module   string // where it is in the repository, with slashes; empty for the root
	byModule report.Locate
	known    map[string]bool // of files from the root: whether they are there
}

func newPlaces() *places {
	wd, err := os.Getwd()
	if err != nil {
		return &places{}
	}
	p := &places{root: moduleAbove(wd), known: map[string]bool{}}
	module := p.root
	for up := module; ; up = filepath.Dir(up) {
		if exists(filepath.Join(up, ".git")) {
			p.root = up
			break
		}
		if filepath.Dir(up) == up {
			break
		}
	}
	if at, err := filepath.Rel(p.root, module); err == nil && at != "." {
		p.module = filepath.ToSlash(at)
	}
	p.byModule = report.ByModule(measure.Module(), p.module)
	return p
}

// locate is the file's path from the root of the repository. The path of the package
// tells it wherever the program was built; the file itself does where it was built in
// this place; and a program's main package, which has no path, is known by the end of
// the file's path.
func (p *places) locate(f highwater.Frame) (string, bool) {
	if p.root == "" || f.Line < 1 || f.File == "" {
		return "", false
	}
	if file, ok := p.byModule(f); ok && p.there(file) {
		return file, true
	}
	if rel, err := filepath.Rel(p.root, f.File); err == nil && filepath.IsLocal(rel) {
		rel = filepath.ToSlash(rel)
		return rel, p.there(rel) && !strings.Contains("/"+rel, "/vendor/")
	}
	if !strings.HasPrefix(f.Func, "main.") {
		return "", false
	}
	rest := filepath.ToSlash(f.File)
	for {
		_, after, more := strings.Cut(rest, "/")
		if file := strings.TrimPrefix(p.module+"/"+rest, "/"); p.there(file) {
			return file, true
		}
		if !more {
			return "", false
		}
		rest = after
	}
}

func (p *places) there(file string) bool {
	known, ok := p.known[file]
	if !ok {
		known = filepath.IsLocal(file) && exists(filepath.Join(p.root, filepath.FromSlash(file)))
		p.known[file] = known
	}
	return known
}

// links makes addresses of lines in the repository that the pipeline says it runs for;
// nil where it says nothing.
func links(env func(string) string) report.Links {
	var base, lines string
	switch {
	case env("GITHUB_SERVER_URL") != "" && env("GITHUB_REPOSITORY") != "":
		base, lines = strings.TrimSuffix(env("GITHUB_SERVER_URL"), "/")+"/"+env("GITHUB_REPOSITORY")+"/blob/", "#L%d"
	case env("CI_PROJECT_URL") != "":
		base, lines = strings.TrimSuffix(env("CI_PROJECT_URL"), "/")+"/-/blob/", "#L%d"
	default:
		return nil
	}
	if u, err := url.Parse(base); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil
	}
	return func(revision, file string, line int) string {
		if revision == "" {
			return ""
		}
		return base + url.PathEscape(revision) + "/" + (&url.URL{Path: file}).EscapedPath() + fmt.Sprintf(lines, line)
	}
}
