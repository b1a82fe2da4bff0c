package notify

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// GitLab is a merge request there.
type GitLab struct {
	client  *client
	project string
	number  int
	user    int64 // whose token it is
}

// NewGitLab is the merge request of that number in the project, whose ID or path it
// is, at the API of that address.
func NewGitLab(api, project, token string, number int, o Options) (*GitLab, error) {
	if project == "" {
		return nil, fmt.Errorf("no project of GitLab is named")
	}
	c, err := newClient(api, http.Header{"Private-Token": {token}, "User-Agent": {"highwater"}, "Accept": {"application/json"}}, o)
	if err != nil {
		return nil, err
	}
	return &GitLab{client: c, project: project, number: number}, nil
}

// Comment makes the body the merge request's one note of its marker.
func (g *GitLab) Comment(ctx context.Context, body string) (Done, error) {
	var me struct {
		ID int64 `json:"id"`
	}
	err := g.client.insist(ctx, func() error { return g.client.do(ctx, http.MethodGet, "/user", nil, &me) })
	if err != nil {
		return "", fmt.Errorf("ask whose token it is: %w", err)
	}
	g.user = me.ID
	return g.client.stick(ctx, g, body)
}

func (g *GitLab) path(rest string, args ...any) string {
	return "/projects/" + url.PathEscape(g.project) + fmt.Sprintf("/merge_requests/%d/notes", g.number) + fmt.Sprintf(rest, args...)
}

func (g *GitLab) list(ctx context.Context, page int) ([]remark, bool, error) {
	var all []struct {
		ID     int64  `json:"id"`
		Body   string `json:"body"`
		System bool   `json:"system"`
		Author struct {
			ID int64 `json:"id"`
		} `json:"author"`
	}
	if err := g.client.do(ctx, http.MethodGet, g.path("?per_page=%d&page=%d&sort=asc&order_by=created_at", perPage, page), nil, &all); err != nil {
		return nil, false, err
	}
	remarks := make([]remark, len(all))
	for i, n := range all {
		// Nobody can edit another's note.
		remarks[i] = remark{n.ID, n.Body, !n.System && n.Author.ID == g.user}
	}
	return remarks, len(all) == perPage, nil
}

func (g *GitLab) create(ctx context.Context, body string) error {
	return g.client.do(ctx, http.MethodPost, g.path(""), githubBody{body}, nil)
}

func (g *GitLab) edit(ctx context.Context, id int64, body string) error {
	return g.client.do(ctx, http.MethodPut, g.path("/%d", id), githubBody{body}, nil)
}
