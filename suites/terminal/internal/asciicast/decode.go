package asciicast

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Limits of what [Decode] accepts. They are far above any recording of this
// suite (a few hundred kilobytes) and far below what would hurt.
const (
	MaxBytes  = 32 << 20 // the whole recording, uncompressed
	MaxEvents = 200_000
	MaxSide   = 4096 // columns or rows
)

// Kind is the code of an event.
type Kind string

// The kinds of event that the formats define. Others are kept as they are.
const (
	Output Kind = "o" // Data was printed by the program
	Input  Kind = "i" // Data was typed
	Marker Kind = "m" // Data is a label
	Resize Kind = "r" // Cols and Rows are the new size
	Exit   Kind = "x" // Data is the exit status (format 3)
)

// Event is one thing that happened in a recording.
type Event struct {
	Time       float64 // seconds since the recording began
	Kind       Kind
	Data       string
	Cols, Rows int // of a Resize
}

// Recording is a decoded asciicast.
type Recording struct {
	Version    int
	Cols, Rows int
	Title      string
	Events     []Event
}

type header struct {
	Version int    `json:"version"`
	Width   int    `json:"width,omitempty"`
	Height  int    `json:"height,omitempty"`
	Title   string `json:"title,omitempty"`
	Term    *struct {
		Cols int `json:"cols"`
		Rows int `json:"rows"`
	} `json:"term,omitempty"`
	Env map[string]string `json:"env,omitempty"`
}

// Decode reads a recording. Its errors name the line that is at fault.
func Decode(r io.Reader) (*Recording, error) {
	limited := &io.LimitedReader{R: r, N: MaxBytes + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, MaxBytes)
	var rec *Recording
	number, clock := 0, 0.0
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if limited.N <= 0 {
			return nil, fmt.Errorf("asciicast: more than %d bytes", MaxBytes)
		}
		if len(line) == 0 || line[0] == '#' && rec != nil && rec.Version == 3 {
			continue
		}
		var err error
		if rec == nil {
			rec, err = decodeHeader(line)
		} else {
			err = rec.decodeEvent(line, &clock)
		}
		if err != nil {
			return nil, fmt.Errorf("asciicast: line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("asciicast: line %d: %w", number+1, err)
	}
	if rec == nil {
		return nil, errors.New("asciicast: empty: want a header line such as {\"version\": 2, \"width\": 80, \"height\": 24}")
	}
	return rec, nil
}

func decodeHeader(line []byte) (*Recording, error) {
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	switch h.Version {
	case 2:
	case 3:
		if h.Term == nil {
			return nil, errors.New("header: version 3 without \"term\"")
		}
		h.Width, h.Height = h.Term.Cols, h.Term.Rows
	default:
		return nil, fmt.Errorf("header: version %d: want 2 or 3", h.Version)
	}
	if err := checkSize(h.Width, h.Height); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	return &Recording{Version: h.Version, Cols: h.Width, Rows: h.Height, Title: h.Title}, nil
}

// decodeEvent appends the event of one line. Times count from the start of the
// recording in format 2 and from the previous event in format 3; clock holds
// the time of the previous one.
func (rec *Recording) decodeEvent(line []byte, clock *float64) error {
	if len(rec.Events) >= MaxEvents {
		return fmt.Errorf("more than %d events", MaxEvents)
	}
	var e Event
	var fields []json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return fmt.Errorf("event: %w", err)
	}
	if len(fields) != 3 {
		return fmt.Errorf("event has %d fields: want [time, code, data]", len(fields))
	}
	for i, target := range []any{&e.Time, &e.Kind, &e.Data} {
		if err := json.Unmarshal(fields[i], target); err != nil {
			return fmt.Errorf("event, field %d: %w", i+1, err)
		}
	}
	if rec.Version == 3 {
		e.Time += *clock
	}
	if e.Time < *clock {
		return fmt.Errorf("event at %g s comes after one at %g s", e.Time, *clock)
	}
	*clock = e.Time
	if e.Kind == Resize {
		var extra string
		if n, _ := fmt.Sscanf(e.Data, "%dx%d%s", &e.Cols, &e.Rows, &extra); n != 2 {
			return fmt.Errorf("resize to %q: want COLUMNSxROWS", e.Data)
		}
		if err := checkSize(e.Cols, e.Rows); err != nil {
			return fmt.Errorf("resize: %w", err)
		}
	}
	rec.Events = append(rec.Events, e)
	return nil
}

func checkSize(cols, rows int) error {
	if cols < 1 || rows < 1 || cols > MaxSide || rows > MaxSide {
		return fmt.Errorf("size %dx%d: want 1 to %d columns and rows", cols, rows, MaxSide)
	}
	return nil
}
