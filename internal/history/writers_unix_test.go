//go:build unix

package history

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// spawn starts a process that adds runs to the store. See child.
func spawn(t *testing.T, dsn string, n, runs int, more ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), fmt.Sprintf("HISTORY_CHILD=%d", n), "HISTORY_DSN="+dsn, fmt.Sprintf("HISTORY_RUNS=%d", runs)), more...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, bufio.NewScanner(out)
}

// Eight processes write at once, half of their runs the same ones, into a store that
// does not exist when they start.
func TestEightWriters(t *testing.T) {
	const writers, runs = 8, 6
	each(t, func(t *testing.T, dsn string) {
		var all []*exec.Cmd
		for n := range writers {
			cmd, out := spawn(t, dsn, n+1, runs)
			go func() {
				for out.Scan() { // its pipe is not to be full
				}
			}()
			all = append(all, cmd)
		}
		for _, cmd := range all {
			if err := cmd.Wait(); err != nil {
				t.Errorf("a writer failed: %v", err)
			}
		}
		s := open(t, dsn)
		if ids := whole(t, s, childResults); len(ids) != writers*runs+runs {
			t.Errorf("%d runs, want %d", len(ids), writers*runs+runs)
		}
		sound(t, s)
	})
}

// A writer that is killed in the middle of a run leaves nothing of it, and all before.
func TestKilledHalfway(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		add(t, s, entry("before", 0, childResults))
		cmd, out := spawn(t, dsn, 1, 1, "HISTORY_HALFWAY=1")
		if !out.Scan() || out.Text() != "halfway" {
			t.Fatalf("the writer says %q", out.Text())
		}
		kill(t, cmd)
		if ids := whole(t, s, childResults); len(ids) != 1 || !ids["before"] {
			t.Errorf("runs %v", ids)
		}
		add(t, s, entry("child1-0", 0, childResults)) // what the other was about to add
		sound(t, s)
		if ids := whole(t, open(t, dsn), childResults); len(ids) != 2 {
			t.Errorf("runs %v", ids)
		}
	})
}

// Writers are killed wherever they are: what they said was added is there.
func TestKilledAnywhere(t *testing.T) {
	each(t, func(t *testing.T, dsn string) {
		said := map[string]bool{}
		for round := range 6 {
			cmd, out := spawn(t, dsn, round+1, 1000)
			// After another number of runs each time, and some microseconds.
			for range round + 1 {
				if !out.Scan() {
					t.Fatalf("the writer ended: %v", out.Err())
				}
				said[out.Text()] = true
			}
			for spin := time.Now(); time.Since(spin) < time.Duration(round)*700*time.Microsecond; {
			}
			if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			for out.Scan() { // what it could say before it was gone
				said[out.Text()] = true
			}
			_ = cmd.Wait()
		}
		s := open(t, dsn)
		ids := whole(t, s, childResults)
		for id := range said {
			if !ids[id] {
				t.Errorf("run %s was said to be added, and is not there", id)
			}
		}
		sound(t, s)
	})
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the writer ended with %v", err)
	}
}

// sound lets SQLite check all of the file.
func sound(t *testing.T, s *Store) {
	t.Helper()
	if s.file == "" {
		return
	}
	var verdict string
	if err := s.db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("the file is damaged: %s, %v", verdict, err)
	}
}
