package report

import (
	urlpath "path"
	"strings"

	"github.com/highwater-dev/highwater"
)

// Locate tells where in the repository a line of source stands: the path of its file
// from the root, with slashes. It is false for what stands elsewhere: in the standard
// library, in a dependency.
type Locate func(highwater.Frame) (file string, ok bool)

// Links makes the address of a line at a commit, "" where there is none.
type Links func(revision, file string, line int) string

// spot is a line of the repository.
type spot struct {
	file string
	line int
}

// locator is what the options say, or else what the report itself tells.
func (o Options) locator(r *highwater.Report) Locate {
	if o.Locate != nil {
		return o.Locate
	}
	return ByModule(r.Env.Module, "")
}

// ByModule locates by the path of the package that a function is in, which needs
// neither the file nor the machine that the program was built on. The module stands in
// the folder prefix of the repository. A function of package main tells no path, and is
// not found.
func ByModule(module, prefix string) Locate {
	return func(f highwater.Frame) (string, bool) {
		base := f.File[strings.LastIndexAny(f.File, `/\`)+1:]
		pkg := packageOf(f.Func)
		if strings.HasSuffix(base, "_test.go") {
			// A test of the outside is a package of its own in the same folder.
			pkg = strings.TrimSuffix(pkg, "_test")
		}
		if module == "" || f.Line < 1 || !strings.HasSuffix(base, ".go") || pkg != module && !strings.HasPrefix(pkg, module+"/") {
			return "", false
		}
		folder := strings.TrimPrefix(strings.TrimPrefix(pkg, module), "/")
		file := urlpath.Join(prefix, folder, base)
		return file, fit(file)
	}
}

// packageOf is the path of the package that a function is in, as it is written in
// symbols: example.com/a/b.(*T).F is in example.com/a/b.
func packageOf(function string) string {
	plain, _, _ := strings.Cut(function, "[") // type arguments hold paths too
	slash := strings.LastIndexByte(plain, '/') + 1
	last, _, _ := strings.Cut(plain[slash:], ".")
	return strings.ReplaceAll(plain[:slash]+last, "%2e", ".")
}

// fit reports whether a path may stand in a report: one that leads out of the
// repository, or that does not print, was made by somebody who wants something.
func fit(file string) bool {
	return file != "" && len(file) < 1024 && !urlpath.IsAbs(file) && urlpath.Clean(file) == file &&
		file != ".." && !strings.HasPrefix(file, "../") && clean(file) == file && !strings.Contains(file, `\`)
}

// spotOf is the line of the repository that a finding is about: that of the first of
// its sites, which is the one that explains most, or else the innermost of the lines of
// the repository that led to it.
func (l Locate) spotOf(p problem) (spot, bool) {
	for _, e := range p.Evidence {
		if s, ok := l.site(e.Site); ok {
			return s, true
		}
	}
	if p.row == nil {
		return spot{}, false
	}
	if p.row.Soak != nil {
		for _, s := range p.row.Soak.Suspects {
			if s.Site != nil && (p.Fingerprint == "" || p.Fingerprint == s.Fingerprint) {
				if s, ok := l.site(*s.Site); ok {
					return s, true
				}
			}
		}
	}
	for _, site := range p.row.Sites {
		if s, ok := l.site(site); ok {
			return s, true
		}
	}
	return spot{}, false
}

// site is the site's own line, or that of the innermost caller in the repository.
func (l Locate) site(s highwater.Site) (spot, bool) {
	for _, f := range append([]highwater.Frame{s.Where}, s.Stack...) {
		if file, ok := l(f); ok {
			return spot{file, f.Line}, true
		}
	}
	return spot{}, false
}
