package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"

	"github.com/highwater-dev/highwater/internal/notify/forge"
	"github.com/rogpeppe/go-internal/testscript"
)

// hubs are the servers of scripts, by the folder of the script.
type hubs struct {
	mu  sync.Mutex // scripts run side by side
	all map[string]*forge.Forge
}

// github starts a server that is to the script what GitHub is to a workflow, sets its
// address, and shows what it holds: github start, github readonly, github comments FILE.
func (h *hubs) github(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: github start|readonly|comments FILE")
	}
	key := ts.Getenv("WORK")
	h.mu.Lock()
	defer h.mu.Unlock()
	switch f := h.all[key]; {
	case args[0] == "start":
		f, err := forge.New()
		ts.Check(err)
		h.all[key] = f
		server := httptest.NewServer(f)
		ts.Defer(server.Close)
		ts.Setenv("GITHUB_API_URL", server.URL)
	case args[0] == "readonly":
		f.Refuse = func(_ int, w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"message": "Resource not accessible by integration"}`)
			return true
		}
	case args[0] == "comments" && len(args) == 2:
		for _, w := range f.Wrong {
			ts.Fatalf("not as GitHub describes it: %s", w)
		}
		var text strings.Builder
		fmt.Fprintf(&text, "%d comments, %d checks\n", len(f.Comments), len(f.Checks))
		for _, c := range f.Comments {
			fmt.Fprintf(&text, "pull request %d: %s\n", c.Number, c.Body)
		}
		for _, c := range f.Checks {
			fmt.Fprintf(&text, "check %v of %v: %v\n", c["name"], c["head_sha"], c["conclusion"])
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text.String()), 0o644))
	default:
		ts.Fatalf("github %s: unknown", args[0])
	}
}
