package memtest

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// child is this process's part when highwater or memtest has started it.
var child served

type served struct {
	active bool
	spec   probe.Spec
	link   *probe.Link // of a listing
}

// init finds out what this process is for, before the user's packages are
// initialised and may start processes that would inherit the instructions. It
// has to be done here because the test binary's main is not ours: a supervisor
// must not run any test.
func init() {
	if code, done := target.MaybeSupervise(); done {
		os.Exit(code)
	}
	spec, ok, err := probe.FromEnvironment()
	if err != nil {
		fmt.Fprintln(os.Stderr, "memtest:", err)
		os.Exit(highwater.ExitUsage)
	}
	child.active, child.spec = ok, spec
}

// serve runs the scenario when it is the one that this process is for, and lists
// it when this process is to list all.
func (s *served) serve(t T, sc highwater.Scenario) {
	if s.spec.List {
		if err := s.list(t.Name(), sc); err != nil {
			t.Fatalf("memtest: %v", err)
		}
		return
	}
	if sc.ID() != s.spec.Scenario {
		return
	}
	if err := measure.RunChild(s.spec, sc); err != nil {
		t.Fatalf("memtest: %s: %v", sc.ID(), err)
	}
	// The rest of the test would judge a result that this process does not have.
	t.SkipNow()
}

func (s *served) list(test string, sc highwater.Scenario) error {
	info, err := json.Marshal(sc.Info())
	if err != nil {
		return err
	}
	b, err := json.Marshal(probe.Listed{Info: info, Run: pattern(test), Env: sc.Env})
	if err != nil {
		return err
	}
	if s.link == nil {
		s.link, err = probe.Dial(s.spec, b)
		return err
	}
	s.link.Send(probe.Message{Type: probe.TypeHello, Hello: &probe.Hello{Version: probe.Version, Scenario: b}})
	return nil
}

// pattern selects exactly the test of that name: -test.run splits at slashes and
// takes each part for a regular expression.
func pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
