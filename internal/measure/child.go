package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/pprof"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
)

// ChildMain runs one scenario and reports on it, when highwater started this
// process for that; it then returns true with the status to exit with. Find
// looks a scenario up by its ID. A program that measures its own scenarios calls
// ChildMain first thing in main, after [target.MaybeSupervise].
func ChildMain(find func(id string) (highwater.Scenario, bool)) (code int, done bool) {
	spec, ok, err := probe.FromEnvironment()
	if !ok {
		return 0, false
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "highwater:", err)
		return highwater.ExitUsage, true
	}
	s, ok := find(spec.Scenario)
	if !ok {
		fmt.Fprintf(os.Stderr, "highwater: this executable has no scenario %q\n", spec.Scenario)
		return highwater.ExitUsage, true
	}
	if err := RunChild(spec, s); err != nil {
		fmt.Fprintln(os.Stderr, "highwater:", err)
		return highwater.ExitError, true
	}
	return highwater.ExitOK, true
}

// RunChild runs the scenario in this process as the spec says.
func RunChild(spec probe.Spec, s highwater.Scenario) error {
	info, err := json.Marshal(s.Info())
	if err != nil {
		return err
	}
	asks := make(chan byte, 1)
	link, err := probe.DialAsked(spec, info, asks)
	if err != nil {
		return err
	}
	agent, err := probe.New(spec, link)
	if err != nil {
		return err
	}
	probe.Heed(agent, asks)
	probe.LeakProfile = leakProfile
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	finished := make(chan struct{})
	go func() {
		select {
		case <-link.Gone: // highwater has ended, and so does this process
			cancel()
			os.Exit(highwater.ExitError)
		case <-finished:
		}
	}()
	err = s.Execute(ctx, highwater.Pass(spec.Pass), agent)
	if soak, ok := agent.(interface{ Again() bool }); ok {
		for err == nil && soak.Again() { // a workload without a loop is run over and over
			err = s.Execute(ctx, highwater.Pass(spec.Pass), agent)
		}
	}
	close(finished)
	if err != nil {
		link.Send(probe.Message{Type: probe.TypeFailure, Failure: err.Error()})
	}
	if closeErr := link.Close(); err == nil {
		err = closeErr
	}
	return err
}

// leakProfile is the text of the runtime's leak profile, in builds that have it.
func leakProfile() ([]byte, bool) {
	p := pprof.Lookup("goroutineleak")
	if p == nil {
		return nil, false
	}
	var text bytes.Buffer
	err := p.WriteTo(&text, 2)
	return text.Bytes(), err == nil
}
