package notify

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// lab keeps the notes of merge request 5 of group/app, as docs.gitlab.com/api/notes and
// docs.gitlab.com/api/users describe them.
type lab struct {
	notes    []map[string]any
	requests []string
}

func (l *lab) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	l.requests = append(l.requests, r.Method+" "+path)
	const notes = "/api/v4/projects/group%2Fapp/merge_requests/5/notes"
	var sent struct{ Body string }
	if r.Body != nil {
		_ = json.NewDecoder(r.Body).Decode(&sent)
	}
	switch {
	case r.Header.Get("Private-Token") != secret:
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"message": "401 Unauthorized"}`)
	case path == "/api/v4/user":
		fmt.Fprint(w, `{"id": 42}`)
	case r.Method == http.MethodGet && path == notes:
		_ = json.NewEncoder(w).Encode(l.notes)
	case r.Method == http.MethodPost && path == notes:
		l.notes = append(l.notes, map[string]any{"id": len(l.notes) + 1, "body": sent.Body, "author": map[string]any{"id": 42}})
		w.WriteHeader(http.StatusCreated)
	case r.Method == http.MethodPut && strings.HasPrefix(path, notes+"/"):
		for _, n := range l.notes {
			if fmt.Sprint(n["id"]) == strings.TrimPrefix(path, notes+"/") {
				n["body"] = sent.Body
			}
		}
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func TestGitLab(t *testing.T) {
	l := &lab{notes: []map[string]any{
		{"id": 1, "body": body, "author": map[string]any{"id": 7}},
		{"id": 2, "body": body, "system": true, "author": map[string]any{"id": 42}},
	}}
	server := httptest.NewServer(l)
	defer server.Close()
	for _, c := range []struct {
		text string
		want Done
	}{{body, Created}, {body, Unchanged}, {body + "more", Edited}} {
		g, err := NewGitLab(server.URL+"/api/v4", "group/app", secret, 5, (&clock{}).options())
		if err != nil {
			t.Fatal(err)
		}
		if done, err := g.Comment(t.Context(), c.text); err != nil || done != c.want {
			t.Errorf("%s, %v, want %s", done, err, c.want)
		}
	}
	if len(l.notes) != 3 || l.notes[2]["body"] != body+"more" || l.notes[0]["body"] != body {
		t.Errorf("%v", l.notes)
	}
	g, err := NewGitLab(server.URL+"/api/v4", "group/app", "wrong", 5, (&clock{}).options())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Comment(t.Context(), body); err == nil || !strings.Contains(err.Error(), "whose token it is") {
		t.Error(err)
	}
}
