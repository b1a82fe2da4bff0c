package load

import (
	"bytes"
	"fmt"
	"io"
)

// update lets the program of the member's session print its next update.
func (m *member) update() error {
	m.page.out = m.page.out[:0]
	m.prog.update(&m.page, m.id, m.updates)
	if err := m.write(m.page.out); err != nil {
		return fmt.Errorf("update %d: %w", m.updates, err)
	}
	m.updates++
	return nil
}

func (m *member) write(p []byte) error {
	n, err := m.session.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("write of %d bytes: %w", len(p), err)
	}
	return nil
}

func (m *member) sync() error {
	if err := m.session.Sync(); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}

// work makes a number of updates and waits until they are on the screen.
func (m *member) work(updates int) error {
	for range updates {
		if err := m.update(); err != nil {
			return err
		}
	}
	return m.sync()
}

// verify compares the session with what all its updates so far must have led to,
// for which it uses the page.
func (m *member) verify(want *page) error {
	if err := m.sync(); err != nil {
		return err
	}
	want.history = nil
	for n := range m.updates {
		want.out = want.out[:0]
		m.prog.update(want, m.id, n)
	}
	if err := compare(want.rows, m.session.Screen()); err != nil {
		return fmt.Errorf("the screen after %d updates is wrong: %w", m.updates, err)
	}
	if kept, ok := m.session.(Scrollbacker); ok && m.prog.scrolls() && !m.mangled {
		if err := compareHistory(want.history, kept); err != nil {
			return fmt.Errorf("the scrollback after %d updates is wrong: %w", m.updates, err)
		}
	}
	if m.client != nil {
		return m.client.verify(m.id, m.updates-1)
	}
	return nil
}

// compare shows the first row that differs.
func compare(want [][]byte, got []string) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d rows, want %d", len(got), len(want))
	}
	first, differing := -1, 0
	for i := range want {
		if string(bytes.TrimRight(want[i], " ")) != got[i] {
			differing++
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return nil
	}
	return fmt.Errorf("%d of %d rows differ, the first of them row %d:\n\tgot  %q\n\twant %q",
		differing, len(want), first+1, got[first], bytes.TrimRight(want[first], " "))
}

// compareHistory holds the lines that are kept to the newest of those that left
// the screen.
func compareHistory(want [][]byte, kept Scrollbacker) error {
	n := kept.Scrollback()
	if n > len(want) {
		return fmt.Errorf("%d lines kept, and only %d have left the screen", n, len(want))
	}
	want = want[len(want)-n:]
	for i := range want {
		if got := kept.ScrollbackLine(i); got != string(want[i]) {
			return fmt.Errorf("line %d of %d:\n\tgot  %q\n\twant %q", i+1, n, got, want[i])
		}
	}
	return nil
}
