package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Done is what became of a comment.
type Done string

// The ways in which a comment may end up as it should be.
const (
	Created   Done = "created"
	Edited    Done = "edited"
	Unchanged Done = "unchanged"
)

// remark is a comment or note as a service lists it.
type remark struct {
	id   int64
	body string
	ours bool // it may have been made by us: by a bot, or by one who may write here
}

// board is where comments are.
type board interface {
	list(ctx context.Context, page int) (remarks []remark, more bool, err error)
	create(ctx context.Context, body string) error
	edit(ctx context.Context, id int64, body string) error
}

// stick makes the body the one comment that begins with the marker, which is the body's
// own first line.
func (c *client) stick(ctx context.Context, b board, body string) (done Done, err error) {
	marker, _, _ := strings.Cut(body, "\n")
	if !strings.HasPrefix(marker, "<!--") {
		return "", errors.New("a comment that begins with no marker would not be found again")
	}
	err = c.insist(ctx, func() error {
		found, err := find(ctx, b, marker)
		switch {
		case err != nil:
			return fmt.Errorf("look for the comment of before: %w", err)
		case found == nil:
			if err := b.create(ctx, body); err != nil {
				return fmt.Errorf("create the comment: %w", err)
			}
			done = Created
		case same(found.body, body):
			done = Unchanged
		default:
			if err := b.edit(ctx, found.id, body); err != nil {
				return fmt.Errorf("edit the comment: %w", err)
			}
			done = Edited
		}
		return nil
	})
	return done, err
}

// same goes by the text: services write line ends of their own and cut space off.
func same(a, b string) bool {
	return strings.TrimSpace(strings.ReplaceAll(a, "\r\n", "\n")) == strings.TrimSpace(b)
}

// find returns the oldest comment of ours that begins with the marker. A stranger's that
// does would else be taken for it, and stay the stranger's to edit.
func find(ctx context.Context, b board, marker string) (*remark, error) {
	for page := 1; page <= pages; page++ {
		all, more, err := b.list(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if first, _, _ := strings.Cut(r.body, "\n"); r.ours && strings.TrimSpace(first) == marker {
				return &r, nil
			}
		}
		if !more {
			break
		}
	}
	return nil, nil
}
