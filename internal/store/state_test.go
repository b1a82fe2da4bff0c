package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestStateDir(t *testing.T) {
	abs, err := filepath.Abs("here")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir() // absolute on every system
	for _, c := range []struct {
		name, goos string
		env        map[string]string
		home, want string
	}{
		{"own variable", "linux", map[string]string{"HIGHWATER_STATE_DIR": root, "XDG_STATE_HOME": "/xdg"}, "/home/me", root},
		{"own variable, relative", "linux", map[string]string{"HIGHWATER_STATE_DIR": "here"}, "/home/me", abs},
		{"XDG", "linux", map[string]string{"XDG_STATE_HOME": root}, "/home/me", filepath.Join(root, "highwater")},
		{"XDG, relative", "linux", map[string]string{"XDG_STATE_HOME": "xdg"}, "/home/me", filepath.Join("/home/me", ".local", "state", "highwater")},
		{"home", "linux", nil, "/home/me", filepath.Join("/home/me", ".local", "state", "highwater")},
		{"macOS", "darwin", nil, "/Users/me", filepath.Join("/Users/me", "Library", "Application Support", "highwater")},
		{"Windows", "windows", map[string]string{"LocalAppData": root}, "", filepath.Join(root, "highwater")},
		{"Windows without", "windows", nil, "", ""},
		{"no home", "linux", nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := stateDir(c.goos, func(k string) string { return c.env[k] }, func() (string, error) {
				if c.home == "" {
					return "", errors.New("$HOME is not defined")
				}
				return c.home, nil
			})
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
			if err != nil && !strings.Contains(err.Error(), "set HIGHWATER_STATE_DIR") {
				t.Errorf("%q does not say what to do", err)
			}
		})
	}
}
