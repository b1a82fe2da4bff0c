package forge

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

//go:embed github.json
var description []byte

// Comment is a comment of a pull request.
type Comment struct {
	ID          int64
	Number      int // of the pull request
	Body        string
	Bot         bool
	Association string
}

// Forge is the server. Its fields may be read and set while no request is under way.
type Forge struct {
	mu       sync.Mutex
	router   routers.Router
	Comments []Comment
	Checks   []map[string]any
	Requests []string // METHOD /path
	Wrong    []string // requests that the description does not allow
	// Refuse answers the n-th request in place of the server, where it returns true.
	Refuse func(n int, w http.ResponseWriter, r *http.Request) bool
	// After is Refuse after the request was carried out: the answer is lost.
	After func(n int, w http.ResponseWriter, r *http.Request) bool
}

// New reads GitHub's description.
func New() (*Forge, error) {
	doc, err := openapi3.NewLoader().LoadFromData(description)
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: "/"}}
	router, err := gorillamux.NewRouter(doc)
	return &Forge{router: router}, err
}

// ServeHTTP implements [http.Handler].
func (f *Forge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Requests = append(f.Requests, r.Method+" "+r.URL.Path)
	n := len(f.Requests)
	body, err := f.check(r)
	if err != nil {
		f.Wrong = append(f.Wrong, fmt.Sprintf("%s %s: %v", r.Method, r.URL, err))
		http.Error(w, `{"message": "not as described"}`, http.StatusUnprocessableEntity)
		return
	}
	if f.Refuse != nil && f.Refuse(n, w, r) {
		return
	}
	status, answer := f.carryOut(r, body)
	if f.After != nil && f.After(n, w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// check holds the request to the description, and to what GitHub says in words: a token,
// an agent, the length of a comment.
func (f *Forge) check(r *http.Request) (map[string]any, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	plain := r.Clone(context.Background())
	plain.Body = io.NopCloser(bytes.NewReader(data))
	plain.URL = &url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	route, params, err := f.router.FindRoute(plain)
	if err != nil {
		return nil, err
	}
	if err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{Request: plain, PathParams: params, Route: route}); err != nil {
		return nil, err
	}
	for key := range r.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", key) == nil {
			return nil, fmt.Errorf("the query has a %s, which is not described", key)
		}
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") || r.Header.Get("User-Agent") == "" {
		return nil, fmt.Errorf("no token, or no agent")
	}
	var body map[string]any
	if len(data) > 0 {
		if err := json.Unmarshal(data, &body); err != nil {
			return nil, err
		}
	}
	if text, _ := body["body"].(string); len([]rune(text)) > 65536 {
		return nil, fmt.Errorf("a comment of %d characters", len([]rune(text)))
	}
	return body, nil
}

// carryOut does what was asked.
func (f *Forge) carryOut(r *http.Request, body map[string]any) (int, any) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")[3:] // behind repos/owner/repo
	text, _ := body["body"].(string)
	switch {
	case parts[0] == "check-runs":
		f.Checks = append(f.Checks, body)
		return http.StatusCreated, map[string]any{"id": len(f.Checks)}
	case r.Method == http.MethodPatch:
		id, _ := strconv.ParseInt(parts[2], 10, 64)
		i := slices.IndexFunc(f.Comments, func(c Comment) bool { return c.ID == id })
		if i < 0 {
			return http.StatusNotFound, map[string]any{"message": "Not Found"}
		}
		f.Comments[i].Body = text
		return http.StatusOK, f.Comments[i].shown()
	}
	number, _ := strconv.Atoi(parts[1])
	if r.Method == http.MethodPost {
		c := Comment{ID: int64(1000 + len(f.Comments)), Number: number, Body: text, Bot: true}
		f.Comments = append(f.Comments, c)
		return http.StatusCreated, c.shown()
	}
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, page = max(size, 30), max(page, 1)
	shown := []any{}
	of := 0
	for _, c := range f.Comments {
		if c.Number != number {
			continue
		}
		if of++; of > (page-1)*size && of <= page*size {
			shown = append(shown, c.shown())
		}
	}
	return http.StatusOK, shown
}

func (c Comment) shown() map[string]any {
	kind, association := "User", c.Association
	if c.Bot {
		kind = "Bot"
	}
	if association == "" {
		association = "NONE"
	}
	return map[string]any{"id": c.ID, "body": c.Body, "user": map[string]any{"type": kind}, "author_association": association}
}
