package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// A pprof endpoint tells what the heap holds, and not what of it is live: in no format is
// that 0.
func TestLookWithoutLive(t *testing.T) {
	s := highwater.Snapshot{
		Source: highwater.SourcePprof, Name: "localhost:6060", At: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC),
		Memory: highwater.Memory{Heap: 390e6, InUse: 400e6, Goal: 420e6, Stacks: 1e6, Metadata: 1e6, Free: 1e6, Total: 410e6, RSS: 430e6},
		Lacks:  map[highwater.Quantity]string{highwater.QuantityLive: "an endpoint does not tell"},
	}
	var h live.History
	h.Add(s)
	var text, line, difference strings.Builder
	if err := LookText(&text, h.View(), LookOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := DifferenceText(&difference, live.Compare(s, s), LookOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{text.String(), difference.String()} {
		if !strings.Contains(got, live.PartHeap+" ") || strings.Contains(got, "live heap") || strings.Contains(got, "new or dead") {
			t.Errorf("%s", got)
		}
	}
	if err := LookJSON(&line, h.View(), LookOptions{}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Memory map[string]any
		Parts  []highwater.Part
	}
	if err := json.Unmarshal([]byte(line.String()), &got); err != nil {
		t.Fatal(err)
	}
	if n, there := got.Memory["live_bytes"]; !there || n != nil || got.Memory["heap_bytes"] != 390e6 {
		t.Errorf("%s", line.String())
	}
	if got.Parts[0] != (highwater.Part{Name: live.PartHeap, Bytes: 390e6}) {
		t.Errorf("%+v", got.Parts)
	}
}
