package driver

import "testing"

func TestWithScheme(t *testing.T) {
	for address, want := range map[string]string{
		"localhost:6060":                    "http://localhost:6060",
		"10.0.0.1:80/debug/pprof/":          "http://10.0.0.1:80/debug/pprof/",
		"[::1]:6060/debug":                  "http://[::1]:6060/debug",
		":6060":                             "http://:6060",
		"http://localhost:6060/debug/pprof": "http://localhost:6060/debug/pprof",
		"https://example.com":               "https://example.com",
		"unix:/run/server.sock":             "unix:/run/server.sock",
		"unix:6060":                         "unix:6060",
		"unix:1234/pprof.sock":              "unix:1234/pprof.sock",
		"localhost":                         "localhost",
		"localhost:http":                    "localhost:http",
		"localhost:123456":                  "localhost:123456",
		"":                                  "",
	} {
		if got := withScheme(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
