package asciicast_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/highwater-dev/highwater/suites/terminal/internal/asciicast"
)

func TestDecode(t *testing.T) {
	want := []asciicast.Event{
		{Time: 0.5, Kind: asciicast.Output, Data: "a\x1b[1m\r\n"},
		{Time: 1.25, Kind: asciicast.Resize, Data: "100x30", Cols: 100, Rows: 30},
		{Time: 1.25, Kind: asciicast.Marker, Data: "here"},
		{Time: 2, Kind: asciicast.Output, Data: "世"},
	}
	for version, text := range map[int]string{
		2: `{"version": 2, "width": 80, "height": 24, "title": "t", "theme": {"fg": "#fff"}}
[0.5, "o", "a\u001b[1m\r\n"]
[1.25, "r", "100x30"]
[1.25, "m", "here"]

[2, "o", "世"]
`,
		3: `{"version": 3, "term": {"cols": 80, "rows": 24, "type": "xterm"}, "title": "t"}
# a comment
[0.5, "o", "a\u001b[1m\r\n"]
[0.75, "r", "100x30"]
[0, "m", "here"]
[0.75, "o", "世"]
`,
	} {
		rec, err := asciicast.Decode(strings.NewReader(text))
		if err != nil {
			t.Fatalf("version %d: %v", version, err)
		}
		if rec.Version != version || rec.Cols != 80 || rec.Rows != 24 || rec.Title != "t" {
			t.Errorf("version %d: header read as %+v", version, rec)
		}
		if diff := cmp.Diff(want, rec.Events); diff != "" {
			t.Errorf("version %d: events (-want +got):\n%s", version, diff)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	const head = `{"version": 2, "width": 80, "height": 24}` + "\n"
	for name, c := range map[string]struct{ text, want string }{
		"nothing":        {"", "empty"},
		"not JSON":       {"hello", "line 1: header"},
		"version 1":      {`{"version": 1, "width": 80, "height": 24}`, "version 1: want 2 or 3"},
		"no size":        {`{"version": 2}`, "size 0x0"},
		"huge":           {`{"version": 2, "width": 80, "height": 99999}`, "size 80x99999"},
		"v3 sans term":   {`{"version": 3, "width": 80, "height": 24}`, `without "term"`},
		"no event":       {head + `{"a": 1}`, "line 2: event"},
		"short event":    {head + `[1, "o"]`, "2 fields"},
		"wrong type":     {head + `[1, "o", 7]`, "field 3"},
		"time goes back": {head + "[2, \"o\", \"a\"]\n[1, \"o\", \"b\"]", "line 3: event at 1 s comes after one at 2 s"},
		"bad resize":     {head + `[1, "r", "100"]`, "COLUMNSxROWS"},
		"resize to junk": {head + `[1, "r", "100x30x2"]`, "COLUMNSxROWS"},
		"resize to zero": {head + `[1, "r", "0x30"]`, "size 0x30"},
		"truncated":      {head + `[1, "o", "ab`, "line 2"},
	} {
		_, err := asciicast.Decode(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
}

func TestDecodeIsLimited(t *testing.T) {
	line := `[1, "o", "` + strings.Repeat("x", 1<<20) + "\"]\n"
	endless := strings.NewReader(`{"version": 2, "width": 80, "height": 24}` + "\n" + strings.Repeat(line, 40))
	if _, err := asciicast.Decode(endless); err == nil {
		t.Error("40 MiB were accepted")
	}
}

// What the writer is given must come back, wherever the reads cut characters.
func TestWriterHoldsBackPartialCharacters(t *testing.T) {
	const text = "a世界👩‍💻\x1b[31mé"
	for size := 1; size < len(text); size++ {
		var buf bytes.Buffer
		w, err := asciicast.NewWriter(&buf, "t", 80, 24)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(text); i += size {
			if err := w.Output(float64(i), []byte(text[i:min(i+size, len(text))])); err != nil {
				t.Fatal(err)
			}
		}
		rec, err := asciicast.Decode(&buf)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, e := range rec.Events {
			got.WriteString(e.Data)
		}
		if got.String() != text {
			t.Errorf("pieces of %d bytes: %q, want %q", size, got.String(), text)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"version": 2, "width": 80, "height": 24}` + "\n" + `[0.5, "o", "hi"]`)
	f.Add(`{"version": 3, "term": {"cols": 80, "rows": 24}}` + "\n# c\n" + `[0.5, "r", "80x24"]`)
	f.Add("\x1f\x8b")
	f.Fuzz(func(t *testing.T, text string) {
		rec, err := asciicast.Decode(strings.NewReader(text))
		if err != nil {
			return
		}
		clock := 0.0
		for _, e := range rec.Events {
			if e.Time < clock {
				t.Errorf("time goes back from %g to %g", clock, e.Time)
			}
			clock = e.Time
			if e.Kind == asciicast.Resize && (e.Cols < 1 || e.Rows < 1 || e.Cols > asciicast.MaxSide || e.Rows > asciicast.MaxSide) {
				t.Errorf("resize to %dx%d was accepted", e.Cols, e.Rows)
			}
		}
	})
}
