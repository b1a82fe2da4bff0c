package soak

import (
	"fmt"
	"strings"
)

// jobs starts, stops, continues and ends some.
func (s *shell) jobs() {
	// In the background from the beginning.
	s.then("sleep 1000 &")
	s.listed("Running", "sleep 1000 &")
	s.do("kill %1; wait %1")
	s.none()

	// Stopped, and on in the foreground. What cat has repeated shows that it has
	// the terminal; a key that stops or ends a job must not come before that.
	w := s.word()
	s.keys("echo up; cat; X=" + w + "\r")
	s.repeated("up", "first "+w)
	s.keys("\x1a")
	s.prompt(w) // bash goes on with the line when its command stops
	s.listed("Stopped", "cat")
	w = s.word()
	s.keys("echo on; fg; X=" + w + "\r")
	s.row("on")
	s.repeated("cat", "second "+w) // fg names what it goes on with
	s.keys("\x04")
	s.prompt(w)
	s.none()

	// Stopped, and on in the background.
	s.sleeping("\x1a")
	s.do("bg")
	s.listed("Running", "&")
	s.do("kill %1; wait %1")
	s.none()

	s.sleeping("\x03")
	s.none()
}

// repeated waits for the word that shows that keys are no longer bash's, types a
// line, and waits until it stands there twice: as typed, and as repeated.
func (s *shell) repeated(up, line string) {
	s.row(up)
	s.keys(line + "\r")
	s.see(fmt.Sprintf("%q twice", line), func(screen []string) bool {
		at := lastRow(screen, line)
		return at > 0 && lastRow(screen[:at], line) >= 0
	})
}

// sleeping starts a job in the foreground and types a key that stops or ends it.
func (s *shell) sleeping(key string) {
	w := s.word()
	s.keys("X=" + w + "; sh -c 'echo up " + w + "; exec sleep 1000'\r")
	s.row("up " + w)
	s.keys(key)
	s.prompt(w)
}

// listed has the one job listed.
func (s *shell) listed(state, command string) {
	s.do("jobs")
	s.above("the job, "+state+",", func(above []string) bool {
		last := above[max(len(above)-1, 0):]
		return len(last) == 1 && strings.HasPrefix(last[0], "[1]+  "+state+" ") && strings.HasSuffix(last[0], command)
	})
}

// none makes sure that there are no jobs.
func (s *shell) none() {
	s.do(`echo "left:$(jobs -p)"`)
	s.printed("left:")
}
