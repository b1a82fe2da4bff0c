package load_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/suites/load"
	"github.com/highwater-dev/highwater/suites/load/servers"
)

// sshServer is the built-in server with something wrong about it.
type sshServer struct {
	load.SSHServer
	hostKey string
	live    int
	close   error
}

func (s sshServer) HostKey() string {
	if s.hostKey != "" {
		return s.hostKey
	}
	return s.SSHServer.HostKey()
}

func (s sshServer) Live() int {
	if s.live != 0 {
		return s.live
	}
	return s.SSHServer.Live()
}

func (s sshServer) Close() error { return errors.Join(s.close, s.SSHServer.Close()) }

func TestDishonestSSHServersFail(t *testing.T) {
	if err := load.Prepare(t.Context(), func(s string) { t.Log(s) }); err != nil {
		t.Fatal(err)
	}
	const otherKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, c := range map[string]struct {
		change func(*load.SSH)
		server sshServer
		want   string
	}{
		"shows something else": {
			change: func(s *load.SSH) {
				s.Dialogue = func(session, round int) (string, string) { return "hello\r", "entry 1: goodbye" }
			},
			want: `client 0: typed "hello\r": "entry 1: goodbye" is not on the screen after 1s:`,
		},
		"does not greet": {
			change: func(s *load.SSH) { s.Greeting = "welcome" },
			want:   `client 0: "welcome" is not on the screen after 1s:` + "\n\t guest book of guest",
		},
		"hangs up": {
			change: func(s *load.SSH) {
				s.Dialogue = func(session, round int) (string, string) { return "\x03", "entry 1" }
			},
			want: `the server ended the session, and "entry 1" was not on the screen`,
		},
		"miscounts":                {server: sshServer{live: 7}, want: "the server says that 7 sessions are live, want 1"},
		"is another":               {server: sshServer{hostKey: otherKey}, want: "client 0: ssh: handshake failed: ssh: host key mismatch"},
		"says nonsense of its key": {server: sshServer{hostKey: "x"}, want: "the server's host key: ssh: no key found"},
		"does not close":           {server: sshServer{close: errors.New("busy")}, want: "closing the server: busy"},
		"cannot listen": {
			change: func(s *load.SSH) {
				s.Listen = func(context.Context) (load.SSHServer, error) { return nil, errors.New("no port") }
			},
			want: "mux: starting the server: no port",
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			e := servers.Mux()
			e.Patience = time.Second
			inner := e.SSH.Listen
			e.SSH.Listen = func(ctx context.Context) (load.SSHServer, error) {
				s, err := inner(ctx)
				c.server.SSHServer = s
				return c.server, err
			}
			if c.change != nil {
				c.change(e.SSH)
			}
			s := scenario(t, e, "multi_session")
			s.Sessions = 2
			err := s.Execute(t.Context(), highwater.PassNatural, &recorder{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// The clients are built from a module of their own, which must not drift from
// this one: a version that is in no other go.mod is one more to download.
func TestClientsUseTheSameVersions(t *testing.T) {
	ours, theirs := versions(t, "../../go.mod"), versions(t, "sshclients/go.mod.txt")
	if len(theirs) < 3 {
		t.Fatalf("found %d modules", len(theirs))
	}
	for module, version := range theirs {
		if ours[module] != version {
			t.Errorf("%s is %s there and %q here", module, version, ours[module])
		}
	}
}

func versions(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\s+(\S+) (v\S+)`).FindAllStringSubmatch(string(text), -1) {
		found[m[1]] = m[2]
	}
	return found
}
