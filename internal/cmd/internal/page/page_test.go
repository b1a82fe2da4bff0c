package page

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	const begin = "# Page\n<!-- b -->\n<!-- end b -->\n<!-- a -->\nold\n<!-- end a -->\nrest\n"
	if err := os.WriteFile(file, []byte(begin), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"new", "newer\n\n"} {
		if err := Put(file, "a", text); err != nil {
			t.Fatal(err)
		}
	}
	const want = "# Page\n<!-- b -->\n<!-- end b -->\n<!-- a -->\nnewer\n<!-- end a -->\nrest\n"
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
	if err := Put(file, "c", "text"); err == nil {
		t.Error("a page without a place for it is no error")
	}
}
