//go:build !v2

package behaviour

import "strings"

const version = 1

func transform(text string) string { return strings.ToUpper(text) }
