package main_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// pair puts the IDs of the newest run and of the one before it, as highwater runs
// list prints them, into $LATEST and $BEFORE.
func pair(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: pair FILE")
	}
	lines := strings.Split(ts.ReadFile(args[0]), "\n")
	if len(lines) < 2 {
		ts.Fatalf("fewer than two runs")
	}
	for i, name := range []string{"LATEST", "BEFORE"} {
		id, _, _ := strings.Cut(lines[i], "\t")
		ts.Setenv(name, strings.Fields(id)[0])
	}
}

// modzip puts a folder into a module proxy of files, as a version of a module:
// modzip PROXY MODULE VERSION FOLDER.
func modzip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: modzip PROXY MODULE VERSION FOLDER")
	}
	proxy, module, version, folder := ts.MkAbs(args[0]), args[1], args[2], ts.MkAbs(args[3])
	var data bytes.Buffer
	z := zip.NewWriter(&data)
	entries, err := os.ReadDir(folder)
	ts.Check(err)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		ts.Check(err)
		w, err := z.Create(module + "@" + version + "/" + e.Name())
		ts.Check(err)
		_, err = w.Write(text)
		ts.Check(err)
	}
	ts.Check(z.Close())
	mod, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	ts.Check(err)
	at := filepath.Join(proxy, filepath.FromSlash(module), "@v")
	ts.Check(os.MkdirAll(at, 0o755))
	ts.Check(os.WriteFile(filepath.Join(at, version+".zip"), data.Bytes(), 0o644))
	ts.Check(os.WriteFile(filepath.Join(at, version+".mod"), mod, 0o644))
	ts.Check(os.WriteFile(filepath.Join(at, version+".info"), []byte(`{"Version":"`+version+`"}`), 0o644))
}
