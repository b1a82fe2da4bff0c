package revision

import (
	"context"
	"fmt"
	"strconv"
)

// Count is how many commits are in the range after..to: those that to has and after has
// not, as git log lists them.
func (r Repository) Count(ctx context.Context, after, to string) (int, error) {
	if !isHash(after) || !isHash(to) {
		return 0, fmt.Errorf("%q..%q is no range of commits", after, to)
	}
	out, err := r.git(ctx, "rev-list", "--count", after+".."+to, "--")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(out)
}

// isHash reports whether something that is stored in a history can be given to git: it
// may be anybody's.
func isHash(s string) bool {
	if len(s) < 7 || len(s) > 64 {
		return false
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
