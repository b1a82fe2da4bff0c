package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/probe"
	"github.com/highwater-dev/highwater/internal/target"
)

// heard is all that one process told.
type heard struct {
	hello       *probe.Hello
	baseline    *probe.Reading
	checkpoints []probe.Checkpoint
	peak        *probe.Peak
	earlyBase   *probe.Profile
	early       *probe.Profile
	natural     *probe.Natural
	collector   *probe.Collector
	tornDown    *probe.TornDown
	failure     string
	notes       []string
	done        bool
	err         error // of the protocol

	printed []target.BenchResult // by testing, in a benchmark's process
	drive   *drive               // of a program; nil for scenarios
}

// one measures one fresh process, and also returns how many bytes it allocated
// if it was a natural one.
func one(ctx context.Context, j job, f facts, o Options) (highwater.Measurement, uint64) {
	m := highwater.Measurement{
		Scenario: j.target.Info.ID(), Pass: j.pass, Repeat: j.repeat,
		Started: time.Now().UTC().Truncate(time.Millisecond),
	}
	begun := time.Now()
	limits := target.Limits{Timeout: o.Timeout, MaxMemory: o.MaxMemory}
	if limits.Timeout == 0 {
		limits.Timeout = defaultTimeout(j.target.Drive)
		if j.target.Command { // a build, for example, takes the time that it takes
			limits.Timeout = max(limits.Timeout, commandTimeout)
		}
	}
	if limits.MaxMemory == 0 {
		limits.MaxMemory = DefaultMaxMemory()
	}
	if j.target.Command {
		exit, how := command(ctx, j, o, limits)
		m.Duration, m.Outcome = time.Since(begun), how
		fillCommand(&m, exit)
		return m, 0
	}
	h, exit, err := process(ctx, j, f, o, limits)
	m.Duration = time.Since(begun)
	if err != nil {
		m.Outcome = highwater.Outcome{Status: highwater.StatusNoStart, Detail: err.Error()}
		return m, 0
	}
	m.Outcome = outcome(h, exit, limits)
	if h.drive != nil {
		m.Outcome = h.drive.outcome(h, exit, limits)
	}
	fill(&m, j, h, exit, o)
	if m.Outcome.Status == highwater.StatusOK && exit.Code != 0 && h.drive == nil {
		// A test binary, for example, whose TestMain then found something else.
		m.Notes = append(m.Notes, fmt.Sprintf("the process exited with status %d after the measurement", exit.Code))
	}
	if h.natural != nil {
		return m, h.natural.TotalAlloc
	}
	return m, 0
}

// process starts the process and listens to its probe until it has ended.
func process(ctx context.Context, j job, f facts, o Options, limits target.Limits) (heard, target.Exit, error) {
	dir, err := os.MkdirTemp(roomForSockets(), "highwater-") // mode 0700: only we can connect
	if err != nil {
		return heard{}, target.Exit{}, fmt.Errorf("making a folder for the socket: %w", err)
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "probe")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return heard{}, target.Exit{}, fmt.Errorf("listening for the probe: %w", err)
	}
	spec := probe.Spec{
		Socket: socket, Scenario: j.target.Info.ID(), Pass: string(j.pass), MinTime: o.Time, High: limits.MaxMemory / 4, Compared: o.Compared,
	}
	switch {
	case j.pass == highwater.PassExact:
		spec.MinTime = o.MemoryTime
	case j.live != nil:
		spec.MinTime, spec.High = 0, 0
		limits.Output, limits.Tree = j.live.output, true // of a program its drive passes it on
	case j.soak != nil:
		spec.Interval, spec.MinTime, spec.High = j.soak.options.Interval, j.soak.options.Duration, 0
		if j.target.Program { // whose time is counted from when it is ready
			spec.MinTime = 0
		}
	}
	rate := j.rate
	if rate == 0 {
		samples := uint64(plainSamples)
		if o.Compared {
			samples = comparedSamples
		}
		rate = profileRate(f.alloc, samples)
	}
	// Temporary files of the process, and of all that it starts, go with it.
	temporary := filepath.Join(dir, "tmp")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		return heard{}, target.Exit{}, fmt.Errorf("making a folder for temporary files: %w", err)
	}
	limits.Scratch = dir
	out := &target.BenchOutput{}
	if j.target.Bench && j.soak == nil && j.live == nil { // a soak calls it for hours
		limits.Output = out
	}
	user := append(os.Environ(), "TMPDIR="+temporary, "TMP="+temporary, "TEMP="+temporary)
	env := environ(user, j.target, j.pass, rate, &spec)

	var d *drive
	if j.target.Program {
		d = newDrive(j, o, limits)
		switch {
		case j.soak != nil:
			d.early = j.soak.early
		case j.live != nil:
			d.early = j.live.early
		}
		limits.Output, limits.Stop = d.waiting, d.stop
		defer d.close()
	}
	told := make(chan heard, 1)
	go func() { told <- listen(listener, d, j.soak, j.live) }()
	ended := d.begin(ctx, user)
	args := slices.Concat(j.target.Args, j.target.PassArgs[j.pass])
	exit := target.Launch(ctx, j.target.Path, args, env, j.target.Dir, limits)
	// Nothing connects any more; what was sent before the end is still read.
	target.NoMore(listener)
	h := <-told
	ended()
	listener.Close()
	h.printed = out.Results()
	return h, exit, nil
}

// longest is how long the name of a folder for temporary files may be for those
// of sockets below it to fit the 104 bytes that systems take.
const longest = 50

// roomForSockets is where temporary folders are made: the usual place, unless its
// name is so long that no socket can be made in it.
func roomForSockets() string {
	dir := os.TempDir()
	if info, err := os.Stat("/tmp"); len(dir) > longest && err == nil && info.IsDir() {
		return "/tmp"
	}
	return dir
}

// listen reads the messages of one connection, to its end. D is for a process that
// is asked for them, s for one that is soaked, v for one that is looked at; all may be
// nil.
func listen(l net.Listener, d *drive, s *soaking, v *living) heard {
	h := heard{drive: d}
	conn, err := l.Accept()
	if err != nil {
		return h // ended without having connected
	}
	defer conn.Close()
	d.connected(conn)
	s.connected(conn, d)
	v.connected(conn)
	h.err = probe.ReadMessages(conn, func(m probe.Message) {
		defer d.hear(m, &h)
		s.hear(m)
		v.hear(m)
		switch m.Type {
		case probe.TypeHello:
			h.hello = m.Hello
		case probe.TypeBaseline:
			// The set-up may begin anew; what was read before it does not count.
			h.baseline, h.checkpoints = m.Baseline, nil
		case probe.TypeCheckpoint:
			if m.Checkpoint != nil {
				h.checkpoints = append(h.checkpoints, *m.Checkpoint)
			}
		case probe.TypePeak:
			h.peak = m.Peak
		case probe.TypeProfile:
			h.earlyBase, h.early = m.Base, m.Profile
		case probe.TypeNatural:
			h.natural = m.Natural
		case probe.TypeCollector:
			h.collector = m.Collector
		case probe.TypeTornDown:
			h.tornDown = m.TornDown
		case probe.TypeFailure:
			h.failure = m.Failure
		case probe.TypeNote:
			h.notes = append(h.notes, m.Note)
		case probe.TypeDone:
			h.done = true
		}
	})
	// A process that is killed in the middle of a line leaves half a message.
	if !h.done && (errors.Is(h.err, net.ErrClosed) || isSyntax(h.err)) {
		h.err = nil
	}
	return h
}

func isSyntax(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax)
}

// environ is the environment of a process of that pass, and notes in the spec
// how the probe restores the user's own settings for the workload's children.
func environ(user []string, t target.Target, pass highwater.Pass, rate int, spec *probe.Spec) []string {
	env := slices.Concat(user, t.Env)
	set := map[string]string{}
	switch pass {
	case highwater.PassExact:
		set["GODEBUG"] = mergeGODEBUG(lookup(env, "GODEBUG"), "gcstoptheworld=2", "adaptivestackstart=0", "memprofilerate="+strconv.Itoa(rate))
		set["GOMAXPROCS"] = "1"
		set["GOGC"] = "100" // the climb takes over at the baseline
		set["GOMEMLIMIT"] = "off"
	case highwater.PassCollector:
		set["GOMAXPROCS"] = "1"
	case highwater.PassSoak, highwater.PassLive:
		if debug := lookup(env, "GODEBUG"); !strings.Contains(debug, "memprofilerate=") {
			set["GODEBUG"] = mergeGODEBUG(debug, "memprofilerate="+strconv.Itoa(rate))
		}
	}
	// The probe links the heap profile, which switches its sampling on in programs
	// that would do without. Nothing of it is read outside the exact pass.
	if debug := lookup(env, "GODEBUG"); pass != highwater.PassExact && pass != highwater.PassSoak && pass != highwater.PassLive && !strings.Contains(debug, "memprofilerate=") {
		set["GODEBUG"] = mergeGODEBUG(debug, "memprofilerate=0")
	}
	spec.Restore = map[string]string{}
	for _, k := range []string{"GODEBUG", "GOMAXPROCS", "GOGC", "GOMEMLIMIT"} {
		v, changed := set[k]
		if !changed {
			continue
		}
		if old := lookup(env, k); old != "" {
			spec.Restore[k] = old
		} else {
			spec.Unset = append(spec.Unset, k)
		}
		env = append(env, k+"="+v) // the last one counts
	}
	name := probe.EnvSpec
	switch {
	case t.Bench:
		name = probe.EnvBench
	case t.Program:
		name = probe.EnvProgram
	}
	return append(env, name+"="+spec.Encode())
}

// lookup is the variable's last value in env, as exec takes it.
func lookup(env []string, key string) string {
	for _, e := range slices.Backward(env) {
		if v, ok := strings.CutPrefix(e, key+"="); ok {
			return v
		}
	}
	return ""
}

// mergeGODEBUG adds settings to the user's own; of two with one name the last
// counts.
func mergeGODEBUG(user string, settings ...string) string {
	return strings.TrimPrefix(strings.Join(append([]string{user}, settings...), ","), ",")
}

// How many samples the exact pass's profile aims at, at least: enough that a site with a
// tenth of the live bytes of a program with little garbage is known within two percent,
// and, where two profiles are compared, within one. Each costs some 10 µs.
const (
	plainSamples    = 50_000
	comparedSamples = 200_000
)

// profileRate is the largest power of two that gives about that many samples for a
// program that allocates so many bytes. A power of two, so that small
// differences between repeats do not change the rate.
func profileRate(allocated, samples uint64) int {
	if allocated == 0 {
		return 512
	}
	rate := allocated / samples
	if rate <= 1 {
		return 1
	}
	return min(1<<(bits.Len64(rate)-1), 512<<10)
}
