package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// tab is one of the three views.
type tab int

const (
	tabMemory tab = iota
	tabProcesses
	tabGC
	tabs
)

// over is what lies over the view.
type over int

const (
	overNothing over = iota
	overHelp
	overDetail
	overDifference
)

// model is all that a frame depends on. Only Update changes it.
type model struct {
	Options
	ctx   context.Context
	watch *watcher

	width, height int
	profile       colorprofile.Profile
	dark          bool
	theme         *theme
	dots          func(bits uint8) rune // the character of a chart that has these dots

	shown, latest live.View // they differ while the picture stands
	paused        bool
	pausedAt      time.Time

	asking  bool // a look is under way
	asked   time.Time
	seen    time.Time // when the last look, or snapshot, was over
	trouble string    // why the last look failed
	gone    string    // how the target ended

	tab     tab
	over    over
	whole   bool // charts show the whole time
	order   [tabs]int
	cursors [tabs]cursor
	filter  string
	typing  bool // the filter is being typed
	scroll  int  // of what lies over
	detail  detail
	kept    []highwater.Snapshot // the last two
	busy    string               // what is being done for the user
	note    note
	lists   lists
	panels  map[string]panel
	charted charted // what charts show
	frame   string
	drawn   bool // frame is up to date
}

// charted is the view that charts show: one of the last second.
type charted struct {
	version, looks int
	at             time.Time
}

// note is the last thing told in the status line.
type note struct {
	text  string
	ink   ink
	until time.Time
}

const noteTime = 10 * time.Second

func newModel(ctx context.Context, o Options) *model {
	o = o.withDefaults()
	m := &model{
		Options: o, ctx: ctx, watch: &watcher{target: o.Target},
		profile: colorprofile.ANSI256, dark: darkByEnvironment(o.Environ), panels: map[string]panel{},
	}
	m.theme = themeFor(m.profile, m.dark)
	m.dots = dotsFor(o.Environ)
	return m
}

// dotsFor is what charts are drawn with. The console of Linux has no braille in its font.
func dotsFor(environ []string) func(bits uint8) rune {
	if slices.ContainsFunc(environ, func(e string) bool { return strings.HasPrefix(e, "TERM=linux") }) {
		return blocks
	}
	return braille
}

// darkByEnvironment is what COLORFGBG says, for terminals that do not answer when they
// are asked for their background. Dark is more usual.
func darkByEnvironment(environ []string) bool {
	for _, e := range environ {
		if v, ok := strings.CutPrefix(e, "COLORFGBG="); ok {
			back := v[strings.LastIndexByte(v, ';')+1:]
			return back != "7" && back != "15"
		}
	}
	return true
}

func (m *model) Init() tea.Cmd {
	m.asking, m.asked = true, m.Now()
	return tea.Batch(tea.RequestBackgroundColor, m.watch.look(m.ctx), tick(m.Interval))
}

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.update(msg)
	return m, cmd
}

func (m *model) update(msg tea.Msg) tea.Cmd {
	m.drawn = false
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.dark = msg.IsDark()
		m.theme = themeFor(m.profile, m.dark)
	case tea.ColorProfileMsg:
		m.profile = msg.Profile
		m.theme = themeFor(m.profile, m.dark)
	case tea.KeyPressMsg:
		return m.key(msg)
	case tea.PasteMsg:
		if m.typing {
			m.setFilter(m.filter + msg.Content)
		}
	case tickMsg:
		return tea.Batch(m.due(), tick(m.Interval))
	case lookedMsg:
		m.looked(msg)
	case collectedMsg:
		m.busy = ""
		if msg.err != nil {
			m.say(inkWarn, "cannot collect: %v", msg.err)
		} else {
			m.say(inkGood, "collected")
		}
	case keptMsg:
		m.busy, m.seen = "", m.Now()
		m.see(msg.view)
		if msg.err != nil {
			m.say(inkWarn, "no snapshot: %v", msg.err)
			break
		}
		if m.kept = append(m.kept, msg.snapshot); len(m.kept) > 2 {
			m.kept = m.kept[1:]
		}
		m.say(inkGood, "snapshot kept: %s", msg.path)
		if len(m.kept) == 2 {
			m.note.text += "; d compares it with the one before"
		}
	case sourceMsg:
		m.detail.sourceCame(msg)
	default:
		m.drawn = m.frame != ""
	}
	return nil
}

// due is the next look, when its time has come and the one before is over.
func (m *model) due() tea.Cmd {
	// Timers fire a little early or late: a tenth of the interval is near enough.
	if m.asking || m.ended() || m.Now().Sub(m.asked) < m.Interval-m.Interval/10 || m.resting() {
		return nil
	}
	m.asking, m.asked = true, m.Now()
	return m.watch.look(m.ctx)
}

// resting reports whether the target is to be left alone still.
func (m *model) resting() bool { return m.Now().Sub(m.seen) < m.Rest() }

func (m *model) looked(msg lookedMsg) {
	m.asking, m.seen = false, m.Now()
	m.trouble = ""
	switch {
	case msg.err == nil:
	case m.Gone(msg.err):
		m.gone = clean(msg.err.Error())
	default:
		m.trouble = clean(msg.err.Error())
	}
	m.see(msg.view)
}

// see takes a newer picture. While the picture stands, it is only remembered.
func (m *model) see(v live.View) {
	if v.Version < m.latest.Version {
		return
	}
	m.latest = v
	if !m.paused {
		m.show(v)
	}
}

func (m *model) show(v live.View) {
	if m.shown = v; m.toChart(&v) {
		m.charted = charted{v.Version, v.Looks, v.Snapshot.At}
	}
	m.follow()
	m.detail.refresh(&m.shown)
}

// ended reports whether the target is no more.
func (m *model) ended() bool { return m.gone != "" || m.latest.Ended != "" }

func (m *model) say(k ink, format string, args ...any) {
	m.note = note{clean(fmt.Sprintf(format, args...)), k, m.Now().Add(noteTime)}
}

func (m *model) View() tea.View {
	if !m.drawn {
		m.frame, m.drawn = m.draw(), true
	}
	v := tea.NewView(m.frame)
	v.AltScreen = true
	return v
}
