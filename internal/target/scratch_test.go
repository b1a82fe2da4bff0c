package target_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/highwater-dev/highwater/internal/target"
)

// The folder goes when it is closed; that it goes with a killed highwater is tested
// with the command.
func TestScratch(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := target.NewScratch("test")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", s.Dir, err)
	}
	if err := (*target.Scratch)(nil).Close(); err != nil {
		t.Error(err)
	}
}
