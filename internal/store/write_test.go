package store

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestWriteRunReplacesWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	for _, id := range []string{"first", "second"} {
		r := sample()
		r.ID = id
		if err := WriteRun(path, r); err != nil {
			t.Fatal(err)
		}
		got, err := ReadRun(path)
		if err != nil || got.ID != id {
			t.Fatalf("read %v, %v", got, err)
		}
	}
	onlyFile(t, path)
}

// A run that could not be read again must not replace one that can.
func TestWriteRunRefusesWhatCannotBeRead(t *testing.T) {
	path := inFile(t, "old")
	for name, spoil := range map[string]func(*highwater.Run){
		"NaN":         func(r *highwater.Run) { r.Measurements[0].Values[highwater.Peak] = math.NaN() },
		"infinite":    func(r *highwater.Run) { r.Measurements[0].GC.CPUShare = math.Inf(1) },
		"no ID":       func(r *highwater.Run) { r.ID = "" },
		"no schema":   func(r *highwater.Run) { r.Schema = 0 },
		"not UTF-8":   func(r *highwater.Run) { r.Scenarios[1].Name = "a\xff" },
		"no scenario": func(r *highwater.Run) { r.Scenarios = nil },
	} {
		r := sample()
		spoil(r)
		if err := WriteRun(path, r); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if read(t, path) != "old" {
		t.Error("the old file was changed")
	}
}

func TestWriteRunOfNothingYet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	r := &highwater.Run{Schema: highwater.Schema, ID: "begun"}
	if err := WriteRun(path, r); err != nil {
		t.Fatal(err)
	}
	if text := read(t, path); strings.Contains(text, "null") {
		t.Errorf("null where an empty array belongs:\n%s", text)
	}
	if _, err := ReadRun(path); err != nil {
		t.Error(err)
	}
}

func TestWriteFileToNowhere(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none", "run.json"): "does not exist; create it",
		filepath.Join(file, "run.json"):        "not a directory",
		dir:                                    "it is a directory",
	} {
		err := WriteFile(path, []byte("new"))
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("WriteFile(%s) = %v, want %q", path, err, want)
		}
		if err != nil && strings.Contains(err.Error(), ".tmp") {
			t.Errorf("the message names a temporary file: %v", err)
		}
	}
	onlyFile(t, file)
}

func TestWriteFileKeepsLinkAndMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege on Windows, and there are no modes")
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	if info, err = os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode changed: %v, %v", info, err)
	}
	if read(t, file) != "new" {
		t.Error("the link's target was not written")
	}
}

func TestWriteFileToDevice(t *testing.T) {
	if _, err := os.Stat(os.DevNull); err != nil || runtime.GOOS == "windows" {
		t.Skip("no devices with paths here")
	}
	if err := WriteFile(os.DevNull, []byte("gone")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("the device was replaced: %v, %v", info, err)
	}
	if _, err := os.Stat("/dev/full"); err == nil {
		if err := WriteFile("/dev/full", []byte("x")); err == nil || !strings.Contains(err.Error(), "/dev/full") {
			t.Errorf("a full device gave %v", err)
		}
	}
}

// onlyFile fails the test when anything but path is left in its directory.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("left behind: %v", entries)
	}
}
