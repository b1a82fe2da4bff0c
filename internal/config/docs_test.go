package config

import (
	"os"
	"strings"
	"testing"
)

// docs/config.md is held to what the package does: its first YAML block is a
// good file, its second yields the errors printed below it, and its table has
// every setting.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	good, rest := block(t, page, "```yaml\n")
	bad, rest := block(t, rest, "```yaml\n")
	want, _ := block(t, rest, "```\n")

	f, err := Parse(Name, []byte(good))
	if err != nil {
		t.Errorf("the example is refused: %v", err)
	} else if _, err := f.In("ci"); err != nil {
		t.Error(err)
	}
	_, err = Parse(Name, []byte(bad))
	if err == nil {
		t.Fatal("the bad example is taken")
	}
	if got := "highwater: " + strings.ReplaceAll(err.Error(), "\n", "\nhighwater: ") + "\n"; got != want {
		t.Errorf("the errors are\n%s\nand the page says\n%s", got, want)
	}
	for _, d := range All() {
		if row := "| `" + d.Name + "` | "; !strings.Contains(page, row) || !strings.Contains(page, d.Doc) {
			t.Errorf("the table lacks the key %s: %s", d.Name, d.Doc)
		}
	}
}

func block(t *testing.T, page, fence string) (text, rest string) {
	t.Helper()
	_, after, ok := strings.Cut(page, "\n"+fence)
	text, rest, closed := strings.Cut(after, "```\n")
	if !ok || !closed {
		t.Fatalf("no block %q", fence)
	}
	return text, rest
}
