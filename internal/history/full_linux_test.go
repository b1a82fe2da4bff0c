package history

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// small mounts a disk of a few hundred KiB, which takes root's rights.
func small(t *testing.T, dir string, kib int) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Skipf("cannot mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// fill adds runs until the disk is full, and makes sure that all those before are there.
func fill(t *testing.T, s *Store) {
	t.Helper()
	for day := range 500 {
		e := entry(fmt.Sprintf("run-%d", day), day, childResults)
		_, err := s.AddEntry(t.Context(), e)
		if err == nil {
			continue
		}
		if !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(err.Error(), e.Run.ID) || day == 0 {
			t.Fatalf("after %d runs: %v", day, err)
		}
		if ids := whole(t, s, childResults); len(ids) != day {
			t.Errorf("%d runs are there, %d were added", len(ids), day)
		}
		return
	}
	t.Fatal("the disk does not become full")
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	small(t, dir, 1600)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 600<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "history.db")
	s := open(t, path)
	fill(t, s)
	sound(t, s)
	// A reader that comes now, too.
	again, err := OpenExisting(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	before := len(whole(t, again, childResults))
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	add(t, s, entry("with-room", 0, childResults))
	if ids := whole(t, s, childResults); len(ids) != before+1 {
		t.Errorf("%d runs, want %d", len(ids), before+1)
	}
	sound(t, s)
}

// The server's disk is full: its tables lie on a small one.
func TestFullDiskOfServer(t *testing.T) {
	dsn := postgresDatabase(t)
	dir, err := os.MkdirTemp(server.dir, "small")
	if err != nil {
		t.Fatal(err)
	}
	small(t, dir, 3000)
	data := filepath.Join(dir, "tables")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	owner, err := os.Stat(filepath.Join(server.dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	who := owner.Sys().(*syscall.Stat_t)
	if err := os.Chown(data, int(who.Uid), int(who.Gid)); err != nil {
		t.Fatal(err)
	}
	database := dsn[strings.Index(dsn, "@/")+2 : strings.Index(dsn, "?")]
	administer(t, "CREATE TABLESPACE small LOCATION '"+data+"'", "ALTER DATABASE "+database+" SET default_tablespace = small")
	s := open(t, dsn)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1000<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	fill(t, s)
	before := len(whole(t, s, childResults))
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	add(t, s, entry("with-room", 0, childResults))
	if ids := whole(t, s, childResults); len(ids) != before+1 {
		t.Errorf("%d runs, want %d", len(ids), before+1)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	administer(t, "DROP DATABASE "+database+" (FORCE)", "DROP TABLESPACE small")
}
