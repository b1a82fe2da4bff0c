package probe

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
)

func TestReadMessages(t *testing.T) {
	want := []Message{
		{Type: TypeHello, Hello: &Hello{Version: Version, PID: 7, Scenario: json.RawMessage(`{"name":"x"}`)}},
		{Type: TypeCheckpoint, Checkpoint: &Checkpoint{Reading: Reading{Heap: 1, Stacks: 2, InUse: 3}, Name: "end", Op: 4, Steady: true}},
		{Type: TypePeak, Peak: &Peak{Heap: 9, Profile: &Profile{Rate: 512, Frames: []Frame{{"f", "f.go", 1}}, Records: []Record{{Objects: 1, Bytes: 2, Stack: []int{0}}}}}},
		{Type: TypeDone},
	}
	var stream bytes.Buffer
	for _, m := range want {
		if err := json.NewEncoder(&stream).Encode(m); err != nil {
			t.Fatal(err)
		}
	}
	var got []Message
	if err := ReadMessages(&stream, func(m Message) { got = append(got, m) }); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestReadMessagesRefuses(t *testing.T) {
	for name, line := range map[string]string{
		"not JSON":              `hello`,
		"half a message":        `{"type":"done"`,
		"a wrong type":          `{"type":7}`,
		"early profile":         `{"type":"profile","profile":{"frames":[{"f":"a"}],"records":[{"s":[0,1]}]}}`,
		"early base":            `{"type":"profile","base":{"frames":[{"f":"a"}],"records":[{"s":[1]}]}}`,
		"negative frame":        `{"type":"profile","profile":{"frames":[{"f":"a"}],"records":[{"s":[-1]}]}}`,
		"no frames":             `{"type":"peak","peak":{"profile":{"records":[{"s":[0]}]}}}`,
		"profile at the peak":   `{"type":"peak","peak":{"profile":{"frames":[{"f":"a"}],"records":[{"s":[2]}]}}}`,
		"profile at the start":  `{"type":"peak","peak":{"base":{"frames":[{"f":"a"}],"records":[{"s":[1]}]}}}`,
		"profile of other type": `{"type":"done","profile":{"records":[{"s":[0]}]}}`,
	} {
		var got []Message
		err := ReadMessages(strings.NewReader(`{"type":"note","note":"x"}`+"\n"+line+"\n"), func(m Message) { got = append(got, m) })
		if err == nil || !strings.Contains(err.Error(), "measured process") {
			t.Errorf("%s: got %v, want an error", name, err)
		}
		if len(got) != 1 {
			t.Errorf("%s: %d messages got through, want the one before", name, len(got))
		}
	}
}

// endless is a line without an end, of zero bytes.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	if e.read > 2*maxLine {
		return 0, io.EOF
	}
	return len(p), nil
}

func TestReadMessagesBoundsALine(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 128 MiB")
	}
	e := &endless{}
	if err := ReadMessages(e, func(Message) { t.Error("a message") }); err == nil || e.read > maxLine {
		t.Errorf("%v after %d bytes", err, e.read)
	}
}

func FuzzReadMessages(f *testing.F) {
	f.Add([]byte(`{"type":"hello","hello":{"version":1}}` + "\n" + `{"type":"done"}` + "\n"))
	f.Add([]byte(`{"type":"peak","peak":{"base":{"rate":1,"frames":[{"f":"a","p":"b","l":-1}],"records":[{"n":1,"b":-2,"s":[0]}]}}}`))
	f.Add([]byte("null\n[]\n{}\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		_ = ReadMessages(bytes.NewReader(stream), func(m Message) {
			profiles := []*Profile{m.Base, m.Profile}
			if m.Peak != nil {
				profiles = append(profiles, m.Peak.Base, m.Peak.Profile)
			}
			for _, p := range profiles {
				if p == nil {
					continue
				}
				for _, r := range p.Records {
					for _, i := range r.Stack {
						_ = p.Frames[i] // panics where the index is out of range
					}
				}
			}
		})
	})
}
