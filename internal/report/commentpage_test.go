package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/highwater-dev/highwater"
)

// commentPage is what a forge makes of a comment: GitHub's Markdown, with its HTML let
// through. Forges take out more than that; here nothing is, so that nothing is hidden.
func commentPage(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("<!doctype html><meta charset=utf-8><title>comment</title><style>body{font:16px/1.5 sans-serif;max-width:56rem;margin:2rem auto}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3rem .7rem}code{background:#f2f2f2}</style>")
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe())).Convert([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A browser shows of a comment what it is to say, and of names nothing but text, whatever
// they are.
func TestCommentInABrowser(t *testing.T) {
	browser := chromium(t)
	evil := "x</td></tr></table><img src=x onerror=document.title='owned'><script>document.title='owned'</script>|**b**`[l](javascript:alert(1))\u202e<details>"
	for name, c := range map[string]struct {
		report *highwater.Report
		says   []string
	}{
		"better":  {betterSample(), []string{"fail: memory of 8 scenarios</h2>", "<h3>Worse</h3>", "<strong>+42 %</strong>", `<a href="https://forge.example/o/r/blob/0123abcdef/vt/screen.go#L88">`}},
		"many":    {sampleMany(500), []string{"memory of 500 scenarios</h2>"}},
		"hostile": {named(evil), []string{"memory of 8 scenarios</h2>", "&lt;script&gt;"}},
	} {
		text := render(t, comment, c.report)
		file := filepath.Join(t.TempDir(), name+".html")
		if err := os.WriteFile(file, []byte(commentPage(t, text)), 0o644); err != nil {
			t.Fatal(err)
		}
		dom, console := browse(t, browser, file)
		if console != "" {
			t.Errorf("%s: the console says\n%s", name, console)
		}
		for _, want := range c.says {
			if !strings.Contains(dom, want) {
				t.Errorf("%s: %q is not on the page", name, want)
			}
		}
		for _, bad := range []string{"<img", "<script", "<title>owned", "href=\"javascript"} {
			if strings.Contains(dom, bad) {
				t.Errorf("%s: %s on the page", name, bad)
			}
		}
		// Every table of the comment is one on the page: nothing has ended one early.
		if have, want := strings.Count(dom, "<table>"), strings.Count(text, "\n|---")+strings.Count(text, "\n| ---"); have != want || have == 0 && name != "many" {
			t.Errorf("%s: %d tables on the page, %d in the comment", name, have, want)
		}
	}
}
