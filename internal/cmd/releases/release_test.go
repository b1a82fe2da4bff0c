package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The version stands where the commit would, and nothing else becomes another: not even a
// number that a float could not hold.
func TestCalled(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from.json"), filepath.Join(dir, "to.json")
	const was = `{"report":{"environment":{"branch":"main","dirty":true,"go":"go1.26","revision":"0123"}},"run":{"environment":{},"started":9007199254740993},"schema":1}`
	const want = `{"report":{"environment":{"branch":"","dirty":false,"go":"go1.26","revision":"v1.2.3"}},"run":{"environment":{"branch":"","dirty":false,"revision":"v1.2.3"},"started":9007199254740993},"schema":1}`
	if err := os.WriteFile(from, []byte(was), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := called("v1.2.3", from, to); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(to); err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}
