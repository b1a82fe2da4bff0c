package advise

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// The compiler itself says how large the best order is.
type (
	padded struct {
		a bool
		b int64
		c bool
		d string
		e [3]int16
		f struct{}
	}
	best struct {
		f struct{}
		d string
		b int64
		e [3]int16
		a bool
		c bool
	}
)

var (
	_ = padded{true, 1, true, "", [3]int16{}, struct{}{}}
	_ = best{struct{}{}, "", 1, [3]int16{}, true, true}
)

func TestReorder(t *testing.T) {
	order, size := reorder([]field{{"a", 1, 1}, {"b", 8, 8}, {"c", 1, 1}, {"d", 16, 8}, {"e", 6, 2}, {"f", 0, 1}})
	if size != int64(unsafe.Sizeof(best{})) || size >= int64(unsafe.Sizeof(padded{})) {
		t.Errorf("%d bytes in the order %v; the compiler makes %d of it, and %d of the other", size, order, unsafe.Sizeof(best{}), unsafe.Sizeof(padded{}))
	}
	if order[0] != "f" {
		t.Errorf("a field of no size does not stand first: %v", order)
	}
}

// The types of a real executable.
func TestStructs(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("executables are of another format")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module example.com/m\n\ngo 1.26\n",
		"main.go": "package main\n\ntype wasteful struct {\n\ta bool\n\tp *int\n\tb bool\n\tn int64\n\tc bool\n}\n\ntype tight struct {\n\tp *int\n\tn int64\n\ta, b, c bool\n}\n\nvar w *wasteful\nvar t *tight\n\nfunc main() {\n\tw, t = new(wasteful), new(tight)\n\tprintln(w, t)\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", "m", ".")
	build.Dir, build.Env = dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file, err := elf.Open(filepath.Join(dir, "m"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data, err := file.DWARF()
	if err != nil {
		t.Fatal(err)
	}
	all, err := Structs(data)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(s Struct) bool { return s.Name == "main.wasteful" })
	if i < 0 || all[i].Size != 40 || all[i].Best != 24 {
		t.Errorf("main.wasteful is not among %d types, or wrong", len(all))
	}
	if slices.ContainsFunc(all, func(s Struct) bool { return s.Name == "main.tight" }) {
		t.Error("main.tight cannot be smaller, and is said to be")
	}
}
