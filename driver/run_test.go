package driver

import "testing"

// Programs are called what go build calls them.
func TestWithoutVersion(t *testing.T) {
	for path, want := range map[string]string{
		"github.com/nats-io/nats-server/v2": "github.com/nats-io/nats-server",
		"example.com/a/v12":                 "example.com/a",
		"example.com/a/v1":                  "example.com/a/v1", // no such module path
		"example.com/a/vault":               "example.com/a/vault",
		"v2":                                "v2",
	} {
		if got := withoutVersion(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
