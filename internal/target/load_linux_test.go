package target_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := target.Load(t.Context(), "echo $WHO; pwd", append(os.Environ(), "WHO=me"), "/", &out); err != nil || out.String() != "me\n/\n" {
		t.Errorf("%v, printed %q", err, out.String())
	}
	err := target.Load(t.Context(), "echo connection refused >&2; exit 7", nil, "", nil)
	if err == nil || !strings.Contains(err.Error(), "exit status 7: connection refused") {
		t.Errorf("got %v", err)
	}
}

// What a load has started ends with it, whether it ended itself or was ended.
func TestLoadLeavesNothing(t *testing.T) {
	t.Parallel()
	over := errors.New("it is over")
	for name, command := range map[string]string{
		"left":        `sleep 600 & echo $! >"$PIDFILE"`,
		"interrupted": `sleep 600 & echo $! >"$PIDFILE"; wait`,
	} {
		file := filepath.Join(t.TempDir(), "pid")
		ctx, cancel := context.WithCancelCause(t.Context())
		done := make(chan error, 1)
		go func() { done <- target.Load(ctx, command, append(os.Environ(), "PIDFILE="+file), "", nil) }()
		var pid int
		eventually(t, "the load has started its child", func() bool {
			text, _ := os.ReadFile(file)
			pid, _ = strconv.Atoi(strings.TrimSpace(string(text)))
			return pid > 0
		})
		if name == "interrupted" {
			cancel(over)
		}
		select {
		case err := <-done:
			if name == "interrupted" && !errors.Is(err, over) || name == "left" && err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(generous):
			t.Fatalf("%s: it did not end", name)
		}
		cancel(nil)
		eventually(t, name+": its child has ended", func() bool {
			text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
			return err != nil || strings.Contains(string(text), ") Z ")
		})
	}
}
