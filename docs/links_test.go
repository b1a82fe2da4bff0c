package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// Every link to a file of the repository leads to one, and every fragment to a
// heading of it. Links to other sites are not followed.
func TestLinks(t *testing.T) {
	for _, page := range pages(t) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, found := range link.FindAllStringSubmatch(withoutCode(string(data)), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			file, fragment, _ := strings.Cut(found[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			text, err := os.ReadFile(target)
			if info, statErr := os.Stat(target); statErr == nil && info.IsDir() {
				err = nil
			}
			switch {
			case err != nil:
				t.Errorf("%s links to %s: %v", page, found[1], err)
			case fragment != "" && !headings(string(text))[fragment]:
				t.Errorf("%s links to %s: there is no such heading", page, found[1])
			}
		}
	}
}

// withoutCode leaves out fenced blocks.
func withoutCode(page string) string {
	var b strings.Builder
	inCode := false
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "```") {
			inCode = !inCode
		} else if !inCode {
			b.WriteString(line)
		}
	}
	return b.String()
}

// headings are the fragments that a page's headings have on GitHub.
func headings(page string) map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(withoutCode(page)) {
		text := strings.TrimLeft(line, "#")
		if text == line || !strings.HasPrefix(text, " ") {
			continue
		}
		slug := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, strings.TrimSpace(text))
		all[slug] = true
	}
	return all
}
