package servers

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"charm.land/wish/v2"
	"charm.land/wish/v2/bubbletea"
	gossh "golang.org/x/crypto/ssh"

	"github.com/highwater-dev/highwater/suites/load"
)

// wishServer is charm.land/wish with a Bubble Tea program in every session, as
// its documentation shows, on a loopback address that nobody else can reach.
type wishServer struct {
	server   *ssh.Server
	addr     string
	hostKey  string
	served   chan error // what Serve returned
	live     atomic.Int64
	sessions sync.WaitGroup
}

// listenWish starts the server. Its host key is made here, and lives as long as
// the server: a key in a file would outlast it.
func listenWish(context.Context) (load.SSHServer, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a host key: %w", err)
	}
	signer, err := gossh.NewSignerFromKey(private)
	if err != nil {
		return nil, fmt.Errorf("making a host key: %w", err)
	}
	key, err := gossh.NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("making a host key: %w", err)
	}
	w := &wishServer{hostKey: strings.TrimSpace(string(gossh.MarshalAuthorizedKey(key))), served: make(chan error, 1)}
	w.server, err = wish.NewServer(
		func(s *ssh.Server) error {
			s.AddHostKey(signer)
			return nil
		},
		wish.WithMiddleware(bubbletea.Middleware(newGuestbook), w.count),
	)
	if err != nil {
		return nil, fmt.Errorf("making a server: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening on loopback: %w", err)
	}
	w.addr = listener.Addr().String()
	go func() { w.served <- w.server.Serve(listener) }()
	return w, nil
}

// count is the outermost middleware: it sees a session from its begin to its end.
func (w *wishServer) count(next ssh.Handler) ssh.Handler {
	return func(s ssh.Session) {
		w.sessions.Add(1)
		w.live.Add(1)
		defer func() {
			w.live.Add(-1)
			w.sessions.Done()
		}()
		next(s)
	}
}

func (w *wishServer) Addr() string    { return w.addr }
func (w *wishServer) HostKey() string { return w.hostKey }
func (w *wishServer) Live() int       { return int(w.live.Load()) }

// closePatience is how long programs may take to end once their connections are
// gone.
const closePatience = 10 * time.Second

func (w *wishServer) Close() error {
	err := w.server.Close()
	if served := <-w.served; !errors.Is(served, ssh.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	err = errors.Join(err, w.server.Shutdown(ctx)) // waits for connections
	w.sessions.Wait()
	return err
}

// guestbook is the program in the sessions: it shows what was written into it, in
// this session only, and shows it when the line is complete. That way a line is
// drawn in one frame, however its keys fall between two frames, and a round
// allocates the same every time.
type guestbook struct {
	user    string
	input   string
	entries []string // the newest last
	count   int
	width   int
}

// bookEntries is how many entries are shown.
const bookEntries = 12

func newGuestbook(s ssh.Session) (tea.Model, []tea.ProgramOption) {
	pty, _, _ := s.Pty()
	return guestbook{user: s.User(), width: pty.Window.Width}, nil
}

func (g guestbook) Init() tea.Cmd { return nil }

func (g guestbook) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		g.width = msg.Width
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "ctrl+c":
			return g, tea.Quit
		case "enter":
			g.count++
			g.entries = append(g.entries, fmt.Sprintf("entry %d: %s", g.count, g.input))
			g.entries = g.entries[max(0, len(g.entries)-bookEntries):]
			g.input = ""
		default:
			g.input += msg.Text
		}
	}
	return g, nil
}

func (g guestbook) View() tea.View {
	var b strings.Builder
	fmt.Fprintf(&b, "\x1b[1;7m guest book of %s \x1b[m\n%s\n\n", g.user, strings.Repeat("─", max(g.width, 0)))
	for i := range bookEntries {
		if i < len(g.entries) {
			fmt.Fprintf(&b, "  \x1b[3%dm%s\x1b[m", 1+i%6, g.entries[i])
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "\n%d entries\n\x1b[2mwrite, and press enter\x1b[m", g.count)
	view := tea.NewView(b.String())
	view.AltScreen = true
	return view
}

// wishSSH is the server with what its clients type.
func wishSSH() *load.SSH {
	return &load.SSH{
		Listen: listenWish, User: "guest",
		Greeting: "write, and press enter",
		Dialogue: func(session, round int) (keys, want string) {
			line := fmt.Sprintf("%d/%d", session, round)
			return line + "\r", fmt.Sprintf("entry %d: %s", round+1, line)
		},
	}
}
