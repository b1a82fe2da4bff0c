package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/live"
)

// detail is one site or one group of goroutines, with its stack. It follows its row from
// look to look, and keeps what it last was when the row goes.
type detail struct {
	site  *live.SiteRow
	group *live.GroupRow
	left  bool // the newest picture has it no more
	frame int  // of the stack, that is chosen
	files map[highwater.Frame]excerpt
}

// enter opens the detail of the chosen row.
func (m *model) enter() tea.Cmd {
	if m.over != overNothing {
		return nil
	}
	d := detail{files: map[highwater.Frame]excerpt{}}
	i := m.cursors[m.tab].index
	switch {
	case m.tab == tabMemory && i < len(m.sites()):
		d.site = m.sites()[i]
	case m.tab == tabProcesses && i < len(m.groups()):
		d.group = m.groups()[i]
	case m.tab == tabGC:
		m.say(inkDim, "a collection has no more detail than its line")
		return nil
	default:
		m.say(inkDim, "there is nothing to show the detail of")
		return nil
	}
	m.mark()
	m.detail, m.over = d, overDetail
	// The frame to begin with is the one that the row shows, not one of the runtime.
	for i, f := range m.detail.stack() {
		if d.site != nil && f == d.site.Where {
			m.detail.frame = i
		}
	}
	return m.source()
}

func (d *detail) stack() []highwater.Frame {
	switch {
	case d.site != nil && len(d.site.Stack) > 0:
		return d.site.Stack
	case d.site != nil:
		return []highwater.Frame{d.site.Where}
	case d.group != nil && d.group.Created.Func != "":
		return append(append([]highwater.Frame{}, d.group.Stack...), d.group.Created)
	case d.group != nil:
		return d.group.Stack
	}
	return nil
}

func (d *detail) move(by int) { d.frame = max(min(d.frame+by, len(d.stack())-1), 0) }

// refresh takes the figures of a newer picture.
func (d *detail) refresh(v *live.View) {
	d.left = true
	if d.site != nil {
		id := idOfSite(d.site)
		for i := range v.Sites {
			if idOfSite(&v.Sites[i]) == id {
				d.site, d.left = &v.Sites[i], false
				break
			}
		}
	}
	if d.group != nil {
		id := idOfGroup(d.group)
		for i := range v.Groups {
			if idOfGroup(&v.Groups[i]) == id {
				d.group, d.left = &v.Groups[i], false
				break
			}
		}
	}
	d.move(0)
}

func (m *model) drawDetail(w, h int) block {
	d := &m.detail
	b := m.facts(w)
	if d.left {
		b = append(b, m.row(w).put(inkWarn, "it is not in the newest picture any more: these are its last figures").line())
	}
	b = append(b, blanks(w))
	stack := d.stack()
	title := "stack, innermost first"
	if d.group != nil {
		title += "; the last line is where it was created"
	}
	rest := h - len(b) - 1
	if w >= wideWidth {
		half := (w - gutter) / 2
		left := append(block{m.heading(half, title, "")}, m.frames(half, rest, stack)...).fill(half, rest+1)
		return append(b, beside(gutter, left, m.drawSource(w-gutter-half, rest+1))...)
	}
	below := min(rest/2, 2*aroundLine+2)
	if below < 4 {
		below = 0
	}
	b = append(b, m.heading(w, title, ""))
	b = append(b, m.frames(w, rest-below, stack).fill(w, rest-below)...)
	if below > 0 {
		b = append(b, m.drawSource(w, below)...)
	}
	return b
}

// facts are the figures of what is shown.
func (m *model) facts(w int) block {
	var b block
	line := func(name string, k ink, value string) {
		b = append(b, m.row(w).cell(inkDim, name, 18, false).put(k, value).line())
	}
	switch d := &m.detail; {
	case d.site != nil:
		s := d.site
		b = append(b, m.row(w).put(inkTitle, "allocation site ").put(inkStrong, clean(s.Where.Place())).line())
		line("live", inkLive, fmt.Sprintf("%s in %s, %s of the profile", size(s.Bytes), number(s.Objects, "object", "objects"), percent(s.Share)))
		line("since "+clock(m.shown.ResetAt), change(s.Change), signed(s.Change))
		rate := sizeRate(s.Rate)
		if s.Rate == s.Rate && !m.shown.SitesBefore.IsZero() {
			rate += ", between the profiles of " + clock(m.shown.SitesBefore) + " and " + clock(m.shown.Snapshot.AllocatedUntil())
		}
		line("allocating", inkRate, rate)
		line("allocated", inkPlain, fmt.Sprintf("%s in %s since the process began", size(s.Allocated.Bytes), number(s.Allocated.Objects, "object", "objects")))
		if rate := m.shown.Snapshot.Rate; rate > 1 {
			line("sampled", inkDim, "one in "+size(int64(rate))+" allocated, and scaled")
		}
	case d.group != nil:
		g := d.group
		b = append(b, m.row(w).put(inkTitle, "goroutines created at ").put(inkStrong, place(g.Created)).line())
		line("number", inkStrong, count(int64(g.Count))+" in state "+clean(g.State))
		line("since "+clock(m.shown.ResetAt), change(int64(g.Change)), signedCount(int64(g.Change)))
		wait := m.notSeen(highwater.QuantityWaits)
		if g.Longest > 0 || wait == "" {
			wait = spanOr(g.Longest)
		}
		line("longest wait", inkPlain, wait)
	}
	return b
}

// frames lists a stack around the chosen frame.
func (m *model) frames(w, h int, stack []highwater.Frame) block {
	if len(stack) == 0 {
		return m.paragraph(w, inkDim, "no stack was recorded")
	}
	c := cursor{index: m.detail.frame}
	c.top = m.detail.frame - h/2
	c.visible(h, len(stack))
	var b block
	for i := c.top; i < min(c.top+h, len(stack)); i++ {
		f := stack[i]
		b = append(b, m.listRow(w, i == c.index, func(r *row) {
			at := ""
			if f.File != "" {
				at = clean(fmt.Sprintf("%s:%d", f.File, f.Line))
			}
			name := middle(clean(f.Func), max(r.left()/2, r.left()-2-width(at)))
			r.put(inkPlain, name).gap(2)
			r.put(inkDim, middle(at, r.left()))
		}))
	}
	return b
}
