package store

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// ValidID reports an ID or name that cannot stand as one element of a path:
// letters, digits, '.', '_' and '-' are allowed, a letter or digit first.
func ValidID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("the ID is empty")
	case !idPattern.MatchString(id) || strings.Contains(id, "..") || strings.HasSuffix(id, "."):
		return fmt.Errorf("%.80q is not an ID: want at most 128 letters, digits, '.', '_' and '-', beginning with a letter or digit", id)
	case !filepath.IsLocal(id): // names that Windows reserves
		return fmt.Errorf("%q is not an ID: the name is reserved by the operating system", id)
	}
	return nil
}

// NewID makes an ID that sorts by time and is unlike every other.
func NewID(at time.Time) string {
	var b [3]byte
	_, _ = rand.Read(b[:]) // never fails, see its documentation
	return at.UTC().Format("20060102-150405-") + hex.EncodeToString(b[:])
}
