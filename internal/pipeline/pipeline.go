package pipeline

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed github.yml
var github string

//go:embed gitlab.yml
var gitlab string

//go:embed shell.sh
var shell string

// Kind is something that runs pipelines.
type Kind struct {
	Name string // as init --ci has it
	Doc  string
	// File is where it goes, from the root of the repository.
	File string
	// Executable is whether the file is a program.
	Executable bool
	// Next is what is left to do by hand, in sentences.
	Next []string

	text string
}

// Kinds lists all.
func Kinds() []Kind {
	return []Kind{
		{
			Name: "github", Doc: "GitHub Actions", File: ".github/workflows/memory-regression.yml", text: github,
			Next: []string{
				"commit it, and require the check \"memory\": Settings, Rules, Require status checks to pass",
			},
		},
		{
			Name: "gitlab", Doc: "GitLab CI", File: ".gitlab/memory-regression.yml", text: gitlab,
			Next: []string{
				"commit it, and add to .gitlab-ci.yml: include: {local: .gitlab/memory-regression.yml}",
				"for the note at merge requests make a token of the project with the scope api, and keep it as the masked variable GITLAB_TOKEN",
			},
		},
		{
			Name: "shell", Doc: "a shell script", File: "memory-regression.sh", Executable: true, text: shell,
			Next: []string{"commit it, add memory-results/ to .gitignore, and run it where changes are checked: sh memory-regression.sh"},
		},
	}
}

// Names lists the names of the kinds.
func Names() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// ByName returns the kind of that name.
func ByName(name string) (Kind, bool) {
	i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds()[i], true
}

// Module is what a pipeline has to know.
type Module struct {
	Tool    string // the command's name
	Version string // of highwater, to be installed; "latest" where it is not a released one
	Branch  string // the main one
	Dir     string // of the module from the root of the repository, with slashes; "." for that
	Go      string // release of Go, such as 1.26
	// Base is whether the module has packages, so that a branch can be compared with the
	// one that it goes into. The suites within highwater are of no revision.
	Base bool
}

// plain are names that need no quotes in YAML and in a shell.
var plain = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_./+-]*$`)

// Render makes the text of the file.
func (k Kind) Render(m Module) ([]byte, error) {
	if m.Dir == "" {
		m.Dir = "."
	}
	for what, s := range map[string]string{"the version": m.Version, "the branch": m.Branch, "the folder": strings.TrimPrefix(m.Dir, "."), "the Go release": m.Go} {
		if s != "" && !plain.MatchString(s) {
			return nil, fmt.Errorf("%s is %q, which this cannot put into a pipeline: write the file by hand, as docs/ci.md has it", what, s)
		}
	}
	t, err := template.New(k.Name).Delims("[[", "]]").Option("missingkey=error").Parse(k.text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, m); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Path is the folder's way to a file of it, from the root of the repository.
func (m Module) Path(file string) string {
	if m.Dir == "." || m.Dir == "" {
		return file
	}
	return m.Dir + "/" + file
}

// released are versions that can be installed.
var released = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$`)

// Installable is the version to install where this highwater is of that one: a
// development build has none, and stands for the latest.
func Installable(version string) string {
	if released.MatchString(version) {
		return version
	}
	return "latest"
}
