package report

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// browse renders a file in headless Chromium that reaches no network, and returns the
// document as the browser understood it and what its console said.
func browse(t *testing.T, browser, file string) (dom, console string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
		"--user-data-dir="+t.TempDir(), "--enable-logging=stderr", "--dump-dom", "file://"+file)
	var out, said strings.Builder
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &said, 5*time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", browser, err, said.String())
	}
	for l := range strings.Lines(said.String()) {
		if strings.Contains(l, "CONSOLE") {
			console += l
		}
	}
	return out.String(), console
}

// chromium is where the browser is; the test is skipped where there is none.
func chromium(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser several times")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium here; on Debian: apt-get install chromium")
	return ""
}

// A browser finds nothing to complain of in a page, and shows hostile names as text.
func TestHTMLInABrowser(t *testing.T) {
	browser := chromium(t)
	dir := t.TempDir()
	page := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mixed := render(t, HTML{}, soakMixed())
	for name, text := range map[string]string{"mixed.html": mixed, "hostile.html": render(t, HTML{}, soakHostile())} {
		dom, console := browse(t, browser, page(name, text))
		if console != "" {
			t.Errorf("%s: the console says\n%s", name, console)
		}
		// What the browser made of it has as many elements as the template wrote.
		for _, tag := range []string{"<svg", "<path", "<section", "<td", "<details", "<script", "<h2"} {
			if have, want := strings.Count(dom, tag), strings.Count(text, tag); have != want {
				t.Errorf("%s: %d of %s in the browser, %d in the page", name, have, tag, want)
			}
		}
	}
	// This is how it looks when something is wrong: the page's policy forbids a script.
	broken := strings.Replace(mixed, "</body>", "<script>document.title = 'owned'</script></body>", 1)
	if dom, console := browse(t, browser, page("broken.html", broken)); !strings.Contains(console, "Content Security Policy") || strings.Contains(dom, "<title>owned") {
		t.Errorf("a script ran, or nobody said that it did not:\n%s", console)
	}
}
