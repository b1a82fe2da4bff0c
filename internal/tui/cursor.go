package tui

import "github.com/highwater-dev/highwater/internal/live"

// cursor is a place in a list whose rows come, go and change their order: it stays with
// its row. As long as the user has not moved it, it stays at the top.
type cursor struct {
	index int
	top   int // the first row in sight
	id    any // of the row, nil until it has been moved
}

func (c *cursor) move(by, rows int) {
	c.index = max(min(c.index+by, rows-1), 0)
	c.id = nil
}

// visible moves the rows in sight so that the cursor is among them.
func (c *cursor) visible(height, rows int) {
	c.index = max(min(c.index, rows-1), 0)
	height = max(height, 1)
	c.top = max(min(c.top, c.index, rows-height), 0)
	if c.index >= c.top+height {
		c.top = c.index - height + 1
	}
}

// siteID, groupID and a cycle's number tell rows apart from look to look.
type siteID struct {
	fingerprint, fn, file string
	line                  int
}

type groupID struct {
	fingerprint, state, fn, file string
	line                         int
}

func idOfSite(r *live.SiteRow) siteID {
	return siteID{r.Fingerprint, r.Where.Func, r.Where.File, r.Where.Line}
}

func idOfGroup(r *live.GroupRow) groupID {
	return groupID{r.Fingerprint, r.State, r.Created.Func, r.Created.File, r.Created.Line}
}

// rows is how many rows the list of the tab has.
func (m *model) rows() int {
	switch m.tab {
	case tabMemory:
		return len(m.sites())
	case tabProcesses:
		return len(m.groups())
	default:
		return len(m.cycles())
	}
}

// id is what tells a row of the tab from others, nil where there is none.
func (m *model) id(t tab, i int) any {
	switch {
	case t == tabMemory && i < len(m.sites()):
		return idOfSite(m.sites()[i])
	case t == tabProcesses && i < len(m.groups()):
		return idOfGroup(m.groups()[i])
	case t == tabGC && i < len(m.cycles()):
		return m.cycles()[i].Number
	}
	return nil
}

// mark remembers which row the cursor is at.
func (m *model) mark() { m.cursors[m.tab].id = m.id(m.tab, m.cursors[m.tab].index) }

// follow brings the cursors to where their rows are now.
func (m *model) follow() {
	for t := range tabs {
		c := &m.cursors[t]
		if c.id == nil || m.id(t, c.index) == c.id {
			continue
		}
		for i := 0; ; i++ {
			id := m.id(t, i)
			if id == nil {
				break // the row has gone: the cursor stays at its place
			}
			if id == c.id {
				c.index = i
				break
			}
		}
	}
}
