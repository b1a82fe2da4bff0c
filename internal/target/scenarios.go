package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
)

// listTimeout bounds a listing, which executes the tests up to their scenarios.
const listTimeout = time.Minute

// listScenarios asks the test binary which scenarios its tests have.
func listScenarios(ctx context.Context, binary, dir string, tests []string) ([]Target, error) {
	tmp, err := os.MkdirTemp("", "highwater-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	l, err := net.Listen("unix", filepath.Join(tmp, "probe"))
	if err != nil {
		return nil, err
	}
	defer l.Close()

	quoted := make([]string, len(tests))
	for i, t := range tests {
		quoted[i] = regexp.QuoteMeta(t)
	}
	spec := probe.Spec{Socket: l.Addr().String(), List: true}
	type heard struct {
		targets []Target
		err     error
	}
	told := make(chan heard, 1)
	go func() {
		var h heard
		defer func() { told <- h }()
		conn, err := l.Accept()
		if err != nil {
			return // no scenario: nothing connected
		}
		defer conn.Close()
		h.err = probe.ReadMessages(conn, func(m probe.Message) {
			if m.Type != probe.TypeHello || m.Hello == nil {
				return
			}
			var l probe.Listed
			if err := json.Unmarshal(m.Hello.Scenario, &l); err != nil {
				h.err = err
				return
			}
			var info highwater.ScenarioInfo
			if err := json.Unmarshal(l.Info, &info); err != nil {
				h.err = err
				return
			}
			// A test may run one scenario several times; it is measured once.
			if slices.ContainsFunc(h.targets, func(t Target) bool { return t.Info.ID() == info.ID() }) {
				return
			}
			h.targets = append(h.targets, Target{
				Info: info, Path: binary, Dir: dir, Env: l.Env,
				Args: []string{"-test.run=" + l.Run, "-test.count=1", "-test.timeout=0"},
			})
		})
	}()
	exit := Launch(ctx, binary, []string{"-test.run=^(" + strings.Join(quoted, "|") + ")$", "-test.count=1"},
		append(os.Environ(), probe.EnvSpec+"="+spec.Encode()), dir, Limits{Timeout: listTimeout, Scratch: tmp})
	NoMore(l)
	h := <-told
	switch {
	case exit.Err != "":
		return nil, errors.New(exit.Err)
	case exit.TimedOut:
		return h.targets, fmt.Errorf("the tests with scenarios took longer than %s before they ran one", listTimeout)
	case exit.Code != 0:
		return h.targets, fmt.Errorf("the test binary exited with status %d\n%s", exit.Code, exit.Stderr)
	}
	return h.targets, h.err
}
