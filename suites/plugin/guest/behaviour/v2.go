//go:build v2

package behaviour

import "slices"

const version = 2

func transform(text string) string {
	b := []byte(text)
	slices.Reverse(b)
	return string(b)
}
