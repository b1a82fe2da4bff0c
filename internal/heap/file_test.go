package heap

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sample() []Record {
	return []Record{
		{Stack: stack("runtime.makeslice", "a.org/x.A", "main.main"), Objects: 2, Bytes: 123457},
		{Stack: stack("a.org/x.B", "main.main"), Objects: 1, Bytes: 1 << 40},
		{Stack: stack("a.org/x.B", "main.other"), Objects: 7, Bytes: 4097},
		{Stack: stack("a.org/x.B", "main.main"), Objects: -1, Bytes: -3},
	}
}

func TestWriteRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "peak.pb.gz")
	for range 2 { // the second time it replaces a file
		if err := Write(path, Profile(sample(), 4096)); err != nil {
			t.Fatal(err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files left, want the profile alone", len(entries))
	}
	p, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if p.Period != 4096 || p.DefaultSampleType != inuseSpace {
		t.Errorf("period %d, default %q", p.Period, p.DefaultSampleType)
	}
	records, err := Records(p)
	if err != nil {
		t.Fatal(err)
	}
	want := Sites(sample(), 0)
	for i := range want { // as runtime/pprof leaves the runtime out
		want[i].Stack = allocating(want[i].Stack)
	}
	if diff := cmp.Diff(want, Sites(records, 0)); diff != "" {
		t.Errorf("sites after a round trip (-want +got):\n%s", diff)
	}
}

func TestWriteFails(t *testing.T) {
	err := Write(filepath.Join(t.TempDir(), "missing", "peak.pb.gz"), Profile(sample(), 1))
	if err == nil || !strings.Contains(err.Error(), "peak.pb.gz") {
		t.Errorf("err = %v, want one that names the file", err)
	}
}

// TestReadRuntimeProfile reads what the runtime itself writes: other sample
// types besides, inlined frames, addresses and mappings.
func TestReadRuntimeProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heap.pb.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	held := make([]byte, 32<<20)
	runtime.GC()
	if err := pprof.Lookup("heap").WriteTo(f, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(held)
	p, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	records, err := Records(p)
	if err != nil {
		t.Fatal(err)
	}
	// Larger than the sampling rate by far, so the scaled size is the true one.
	top := Sites(records, 1)[0]
	if name := top.Stack[0].Func; !strings.HasSuffix(name, "TestReadRuntimeProfile") || top.Bytes != 32<<20 {
		t.Errorf("largest site %s with %d bytes, want this test with %d", name, top.Bytes, 32<<20)
	}
}

func TestReadHostile(t *testing.T) {
	var zip bytes.Buffer
	zw := gzip.NewWriter(&zip)
	zeros := make([]byte, 1<<20)
	for range maxDecompressed>>20 + 1 {
		_, _ = zw.Write(zeros)
	}
	_ = zw.Close()
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                {nil, "empty"},
		"text":                 {[]byte("not a profile\n"), "not a profile"},
		"gzip header only":     {[]byte{0x1f, 0x8b, 8}, "decompressing"},
		"expands without end":  {zip.Bytes(), "too large"},
		"too many samples":     {bytes.Repeat([]byte{0x12, 0}, maxMessages+1), "too large"},
		"length past the end":  {[]byte{0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1}, "not a profile"},
		"string out of range":  {[]byte{0x0a, 4, 0x08, 0x40, 0x10, 0x41}, "malformed"},
		"sample without types": {[]byte{0x12, 2, 0x10, 1, 0x32, 0}, "sample type"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bad.pb.gz")
			if err := os.WriteFile(path, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			p, err := Read(path)
			if err == nil {
				t.Fatalf("read as %v", p)
			}
			if s := err.Error(); !strings.Contains(s, path) || !strings.Contains(s, c.want) {
				t.Errorf("err = %v, want one with the path and %q", err, c.want)
			}
		})
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file was read")
	}
}

func TestRecordsOfAnotherKind(t *testing.T) {
	p := Profile(nil, 1)
	p.SampleType[1].Type = "cpu"
	if _, err := Records(p); err == nil {
		t.Error("a profile without inuse_space was taken")
	}
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	_ = Profile(sample(), 512).WriteUncompressed(&b)
	f.Add(b.Bytes())
	b.Reset()
	_ = Profile(sample(), 512).Write(&b)
	f.Add(b.Bytes())
	f.Add([]byte("heap profile: 1: 2 [3: 4] @ heap/8\n"))
	f.Add([]byte{0x12, 0, 0x22, 2, 0x08, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parse(data)
		if err != nil {
			return
		}
		records, err := Records(p)
		if err != nil {
			return
		}
		sites := Sites(records, 0)
		_ = Diff(nil, sites)
		if err := Profile(records, int(p.Period)).CheckValid(); err != nil {
			t.Errorf("the profile made of what was read is not valid: %v", err)
		}
	})
}
