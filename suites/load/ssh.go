package load

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/internal/guest"
)

//go:embed sshclients/doc.go sshclients/main.go sshclients/client.go sshclients/go.mod.txt sshclients/go.sum.txt
var clientsSource embed.FS

// clientsProgram is the process with the SSH clients of multi_session.
func clientsProgram() guest.Program {
	files, err := fs.Sub(clientsSource, "sshclients")
	if err != nil {
		panic(err) // the pattern above says otherwise
	}
	return guest.Program{Name: "sshclients", Files: files}
}

// Prepare builds what the suite's scenarios start, where it is not there yet,
// telling say what it builds. Without it the first scenario that needs it does.
func Prepare(ctx context.Context, say func(string)) error {
	return guest.Prepare(ctx, say, clientsProgram())
}

func multiSession() scenario {
	return scenario{
		name: "multi_session", sessions: 100, ops: 8, has: hasSSH,
		doc: "1, 10 and 100 sessions of a full-screen program over SSH, then keys typed in all of them; the clients are another process",
		input: func(ctx context.Context) error {
			_, err := clientsProgram().Path(ctx)
			return err
		},
		run: func(m *highwater.M, e Engine) {
			check := func(err error) {
				if err != nil {
					m.Fatalf("%s: %w", e.Name, err)
				}
			}
			var server SSHServer
			check(sparing(e.patience(), "starting the server", func() (err error) {
				server, err = e.SSH.Listen(m.Context())
				return err
			}))
			m.KeepAlive(server)
			m.Cleanup(func() { check(sparing(e.patience(), "closing the server", server.Close)) })
			c, err := startClients(m.Context(), server, e)
			check(err)
			m.Cleanup(func() { check(c.stop()) })

			live := func(want int) error { return awaitLive(m.Context(), server, want, e.patience()) }
			for _, n := range steps(m.Sessions()) {
				check(c.open(n))
				check(live(n))
				m.CheckpointSessions(n)
			}
			round := 0
			for m.Loop() {
				check(c.round(round))
				round++
			}
			check(live(m.Sessions()))
			// What the server does when its clients go belongs to the tear-down.
			m.Cleanup(func() {
				check(c.hangUp())
				check(live(0))
			})
		},
	}
}

// awaitLive waits until the server has noticed how many clients there are.
func awaitLive(ctx context.Context, s SSHServer, want int, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for pause := time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		got := s.Live()
		switch {
		case got == want:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case time.Now().After(deadline):
			return fmt.Errorf("the server says that %d sessions are live, want %d", got, want)
		}
		time.Sleep(pause)
	}
}
