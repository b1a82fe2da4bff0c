package notify

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// GitHub is a pull request there.
type GitHub struct {
	client      *client
	owner, repo string
	number      int
}

// perPage is the most comments that a page has.
const perPage = 100

// githubVersion is the version of the API that the requests are of.
const githubVersion = "2022-11-28"

var slug = regexp.MustCompile(`^([A-Za-z0-9._-]+)/([A-Za-z0-9._-]+)$`)

// NewGitHub is the pull request of that number in the repository owner/name, at the API
// of that address.
func NewGitHub(api, repository, token string, number int, o Options) (*GitHub, error) {
	m := slug.FindStringSubmatch(repository)
	if m == nil {
		return nil, fmt.Errorf("%q is no repository of GitHub: want owner/name", repository)
	}
	header := http.Header{
		"Accept": {"application/vnd.github+json"}, "X-Github-Api-Version": {githubVersion}, "User-Agent": {"highwater"},
		"Authorization": {"Bearer " + token},
	}
	c, err := newClient(api, header, o)
	if err != nil {
		return nil, err
	}
	return &GitHub{c, m[1], m[2], number}, nil
}

// Comment makes the body the pull request's one comment of its marker.
func (g *GitHub) Comment(ctx context.Context, body string) (Done, error) {
	return g.client.stick(ctx, g, body)
}

func (g *GitHub) path(rest string, args ...any) string {
	return "/repos/" + url.PathEscape(g.owner) + "/" + url.PathEscape(g.repo) + fmt.Sprintf(rest, args...)
}

type githubComment struct {
	ID   int64  `json:"id"`
	Body string `json:"body"`
	User struct {
		Type string `json:"type"`
	} `json:"user"`
	Association string `json:"author_association"`
}

// writers are those who may write in the repository anyway.
var writers = []string{"OWNER", "MEMBER", "COLLABORATOR"}

func (g *GitHub) list(ctx context.Context, page int) ([]remark, bool, error) {
	var all []githubComment
	if err := g.client.do(ctx, http.MethodGet, g.path("/issues/%d/comments?per_page=%d&page=%d", g.number, perPage, page), nil, &all); err != nil {
		return nil, false, err
	}
	remarks := make([]remark, len(all))
	for i, c := range all {
		remarks[i] = remark{c.ID, c.Body, c.User.Type == "Bot" || slices.Contains(writers, c.Association)}
	}
	return remarks, len(all) == perPage, nil
}

type githubBody struct {
	Body string `json:"body"`
}

func (g *GitHub) create(ctx context.Context, body string) error {
	return g.client.do(ctx, http.MethodPost, g.path("/issues/%d/comments", g.number), githubBody{body}, nil)
}

func (g *GitHub) edit(ctx context.Context, id int64, body string) error {
	return g.client.do(ctx, http.MethodPatch, g.path("/issues/comments/%d", id), githubBody{body}, nil)
}

// Check is the result that a commit shows.
type Check struct {
	Name       string `json:"name"`
	SHA        string `json:"head_sha"`
	Status     string `json:"status"`
	Conclusion string `json:"conclusion"` // success, failure or neutral
	Output     struct {
		Title       string            `json:"title"`
		Summary     string            `json:"summary"` // Markdown of at most 65,535 characters
		Annotations []CheckAnnotation `json:"annotations,omitempty"`
	} `json:"output"`
}

// CheckAnnotation is a remark on a line. Its level is notice, warning or failure.
type CheckAnnotation struct {
	Path    string `json:"path"`
	Start   int    `json:"start_line"`
	End     int    `json:"end_line"`
	Level   string `json:"annotation_level"`
	Title   string `json:"title,omitempty"`
	Message string `json:"message"`
}

// CheckAnnotations is how many annotations one request takes.
const CheckAnnotations = 50

// Check shows the result at its commit. A later one of the same name takes its place.
func (g *GitHub) Check(ctx context.Context, c Check) error {
	c.Status = "completed"
	c.Output.Annotations = c.Output.Annotations[:min(len(c.Output.Annotations), CheckAnnotations)]
	return g.client.insist(ctx, func() error {
		if err := g.client.do(ctx, http.MethodPost, g.path("/check-runs"), c, nil); err != nil {
			return fmt.Errorf("create the check run: %w", err)
		}
		return nil
	})
}
