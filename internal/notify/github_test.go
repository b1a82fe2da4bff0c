package notify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/highwater-dev/highwater/internal/notify/forge"
)

const (
	marker = "<!-- highwater: memory -->"
	body   = marker + "\n## pass\n"
	secret = "ghs_secret"
)

// clock stands still but for what is slept.
type clock struct {
	now   time.Time
	slept []time.Duration
}

func (c *clock) options() Options {
	return Options{
		Now: func() time.Time { return c.now },
		Sleep: func(_ context.Context, d time.Duration) error {
			c.slept, c.now = append(c.slept, d), c.now.Add(d)
			return nil
		},
	}
}

// hub is a pull request on a server of the test's own.
func hub(t *testing.T) (*forge.Forge, *GitHub, *clock) {
	t.Helper()
	f, err := forge.New()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	c := &clock{now: time.Unix(1_800_000_000, 0)}
	g, err := NewGitHub(server.URL, "octo/app", secret, 7, c.options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, w := range f.Wrong {
			t.Errorf("not as GitHub describes it: %s", w)
		}
	})
	return f, g, c
}

func comment(t *testing.T, g *GitHub, text string, want Done) {
	t.Helper()
	if done, err := g.Comment(t.Context(), text); err != nil || done != want {
		t.Errorf("%s, %v, want %s", done, err, want)
	}
}

func TestCommentIsSticky(t *testing.T) {
	f, g, _ := hub(t)
	for i := range 230 { // of two pages and a half, on which others talk
		f.Comments = append(f.Comments, forge.Comment{ID: int64(i + 1), Number: 7, Body: "looks good", Association: "MEMBER"})
	}
	f.Comments = append(f.Comments,
		forge.Comment{ID: 501, Number: 7, Body: body + "a stranger's", Association: "NONE"},
		forge.Comment{ID: 502, Number: 7, Body: "> " + body, Bot: true},
		forge.Comment{ID: 503, Number: 8, Body: body, Bot: true},
		forge.Comment{ID: 504, Number: 7, Body: "<!-- highwater: other -->\nof another job", Bot: true})
	n := len(f.Comments)
	comment(t, g, body, Created)
	comment(t, g, body, Unchanged)
	f.Comments[n].Body = strings.ReplaceAll(body, "\n", "\r\n")
	comment(t, g, body, Unchanged)
	comment(t, g, marker+"\n## fail\n", Edited)
	if len(f.Comments) != n+1 || !strings.Contains(f.Comments[n].Body, "## fail") || f.Comments[n].Number != 7 {
		t.Errorf("%d comments, want %d; the last is %q", len(f.Comments), n+1, f.Comments[n].Body)
	}
	if _, err := g.Comment(t.Context(), "without a marker"); err == nil {
		t.Error("a comment that cannot be found again was sent")
	}
}

func answer(w http.ResponseWriter, status int, header map[string]string, message string) bool {
	for k, v := range header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"message": %q}`, message)
	return true
}

// What fails for a moment is tried again, after as long as the server asks for.
func TestTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		header  map[string]string
		message string
		want    time.Duration
	}{
		"an error of the server's":         {502, nil, "Bad Gateway", time.Second},
		"too many requests":                {429, map[string]string{"Retry-After": "17"}, "slow down", 17 * time.Second},
		"until a date":                     {503, map[string]string{"Retry-After": time.Unix(1_800_000_030, 0).UTC().Format(http.TimeFormat)}, "later", 30 * time.Second},
		"the rate limit":                   {403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000042"}, "API rate limit exceeded", 42 * time.Second},
		"a secondary rate limit":           {403, nil, "You have exceeded a secondary rate limit", time.Minute},
		"too many, until nobody says when": {429, nil, "slow down", time.Minute},
		"a secondary limit with a time":    {403, map[string]string{"Retry-After": "90"}, "You have exceeded a secondary rate limit", 90 * time.Second},
	} {
		f, g, clock := hub(t)
		f.Refuse = func(n int, w http.ResponseWriter, _ *http.Request) bool {
			return n <= 2 && answer(w, c.status, c.header, c.message)
		}
		comment(t, g, body, Created)
		if len(clock.slept) != 2 || clock.slept[0] != c.want || len(f.Comments) != 1 {
			t.Errorf("%s: slept %v, want %v first; %d comments", name, clock.slept, c.want, len(f.Comments))
		}
	}
}

// A request that was carried out, and of which the answer was lost, is not made twice.
func TestLostAnswer(t *testing.T) {
	f, g, _ := hub(t)
	f.After = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodPost && answer(w, 504, nil, "timed out")
	}
	comment(t, g, body, Unchanged)
	if len(f.Comments) != 1 {
		t.Errorf("%d comments", len(f.Comments))
	}
}

// What is broken for longer ends in an error that names no token.
func TestGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		refuse    func(n int, w http.ResponseWriter, r *http.Request) bool
		forbidden bool
		requests  int
	}{
		"a fork's token": {func(_ int, w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodPost && answer(w, 403, nil, "Resource not accessible by integration")
		}, true, 2},
		"a wrong token": {func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			return answer(w, 401, nil, "Bad credentials")
		}, true, 1},
		"no such thing":  {func(_ int, w http.ResponseWriter, _ *http.Request) bool { return answer(w, 404, nil, "Not Found") }, true, 1},
		"always broken":  {func(_ int, w http.ResponseWriter, _ *http.Request) bool { return answer(w, 500, nil, "Oops") }, false, 5},
		"not understood": {func(_ int, w http.ResponseWriter, _ *http.Request) bool { return answer(w, 422, nil, "Invalid") }, false, 1},
		"no JSON": {func(_ int, w http.ResponseWriter, _ *http.Request) bool {
			_, _ = w.Write([]byte("<html>"))
			return true
		}, false, 1},
		"a hung-up server": {func(int, http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }, false, 5},
	} {
		f, g, _ := hub(t)
		f.Refuse = c.refuse
		_, err := g.Comment(t.Context(), body)
		if err == nil || errors.Is(err, ErrForbidden) != c.forbidden || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
		if len(f.Requests) != c.requests || len(f.Comments) != 0 {
			t.Errorf("%s: %d requests, want %d; %d comments", name, len(f.Requests), c.requests, len(f.Comments))
		}
	}
}

// A server that asks for more time than there is is not waited for.
func TestNoTimeLeft(t *testing.T) {
	f, g, c := hub(t)
	f.Refuse = func(_ int, w http.ResponseWriter, _ *http.Request) bool {
		return answer(w, 429, map[string]string{"Retry-After": "3600"}, "slow down")
	}
	// The deadline is of the real clock, and so is now.
	c.now = time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := g.Comment(ctx, body); err == nil || !strings.Contains(err.Error(), "1h0m0s") || len(c.slept) > 0 {
		t.Errorf("%v after %v", err, c.slept)
	}
	// One that does not answer is hung up on.
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer slow.Close()
	o := (&clock{}).options()
	o.HTTP = &http.Client{Timeout: 50 * time.Millisecond}
	g, err := NewGitHub(slow.URL, "octo/app", secret, 7, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Comment(t.Context(), body); err == nil || !strings.Contains(err.Error(), "5 times") {
		t.Error(err)
	}
}

func TestCheckRun(t *testing.T) {
	f, g, _ := hub(t)
	c := Check{Name: "highwater", SHA: strings.Repeat("a", 40), Conclusion: "failure"}
	c.Output.Title, c.Output.Summary = "1 fail", "## fail"
	for range 60 {
		c.Output.Annotations = append(c.Output.Annotations, CheckAnnotation{Path: "a.go", Start: 3, End: 3, Level: "failure", Title: "peak", Message: "+42 %"})
	}
	if err := g.Check(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	out := f.Checks[0]["output"].(map[string]any)
	if f.Checks[0]["conclusion"] != "failure" || f.Checks[0]["status"] != "completed" || len(out["annotations"].([]any)) != 50 {
		t.Errorf("%v", f.Checks[0])
	}
	// The description is one that refuses.
	bad := c
	bad.Conclusion = "bad"
	if err := g.Check(t.Context(), bad); err == nil || len(f.Wrong) != 1 {
		t.Errorf("%v, %q", err, f.Wrong)
	}
	f.Wrong = nil
}

func TestWrongPlaces(t *testing.T) {
	for _, c := range []struct{ api, repository string }{{"https://api.example", "octo"}, {"https://api.example", "o/../x"}, {"ftp://x", "o/r"}, {"api.example", "o/r"}, {"https://api.example", "o/r?x"}} {
		if _, err := NewGitHub(c.api, c.repository, "", 1, Options{}); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
