package history

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"postgres://u:s3cret@db/h":                              "postgres://u:xxxxx@db/h",
		"--store=postgresql://u:s3c:r/e@t@db:5432/h?sslmode=no": "--store=postgresql://u:xxxxx@db:5432/h?sslmode=no",
		"postgres://u@db/h?password=s3cret&sslmode=disable":     "postgres://u@db/h?password=xxxxx&sslmode=disable",
		"host=db password=s3cret user=u":                        "host=db password=xxxxx user=u",
		"postgres://u@db/h":                                     "postgres://u@db/h",
		"history.db":                                            "history.db",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// Whatever goes wrong, the password is in no error.
func TestErrorsHaveNoPassword(t *testing.T) {
	for _, dsn := range []string{
		"postgres://u:s3cret@127.0.0.1:1/h",
		"postgres://u:s3cret@127.0.0.1:1/h?sslmode=disable&connect_timeout=1",
		"postgres://u:s3cret@127.0.0.1:port/h",
		"postgres://u:s3%cret@127.0.0.1/h",
		"postgres://u:s3cret/x@127.0.0.1:1/h",
		"postgres://u@127.0.0.1:1/h?password=s3cret",
		"postgres://u:s3cret@127.0.0.1:1/h?sslmode=s3cret",
		"postgres://u:s3cret@/h?host=/nowhere&port=x",
		"mysql://u:s3cret@host/h",
		"host=127.0.0.1 password=s3cret",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, err := Open(ctx, dsn)
		cancel()
		if err == nil {
			t.Errorf("%s was opened", dsn)
			continue
		}
		if strings.Contains(err.Error(), "s3") {
			t.Errorf("%s: %v", dsn, err)
		}
		if strings.Contains(Name(dsn), "s3c") && !strings.Contains(dsn, "sslmode=s3cret") {
			t.Errorf("%s is called %s", dsn, Name(dsn))
		}
	}
}

func TestOpenWrongFile(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{text: "no store of highwater", dir: "it is a directory", filepath.Join(text, "x"): "name another one"} {
		if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if data, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(data), "no database\nno") {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestDefaultPlace(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HIGHWATER_STATE_DIR", filepath.Join(dir, "state"))
	open(t, "")
	info, err := os.Stat(filepath.Join(dir, "state", fileName))
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v, %v", info, err)
	}
}
