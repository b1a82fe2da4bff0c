package main

import (
	"strings"
	"testing"
)

// What the suite and this program say to each other, as far as it goes without a
// server; the scenario's own tests have one.
func TestServe(t *testing.T) {
	for _, c := range []struct{ requests, replies, failure string }{
		{"", "", ""},
		{`{"do":"dance"}`, `{"error":"unknown request \"dance\""}`, ""},
		{`{"do":"dial","addr":"127.0.0.1:1"} {"do":"close"}`, "{}\n{}", ""},
		{`{"do":"dial","host_key":"?"}`, `{"error":"the server's host key: ssh: no key found"}`, ""},
		{`{"do":"dial"} {"do":"type","clients":[{"id":3,"keys":"x","want":"y"}]}`, "{}\n" + `{"error":"client 3 is not connected"}`, ""},
		{`{"do":`, "", "reading a request: unexpected EOF"},
		{`[]`, "", "reading a request: json: cannot unmarshal array"},
	} {
		var out strings.Builder
		err := serve(strings.NewReader(c.requests), &out)
		if got := strings.TrimSpace(out.String()); got != c.replies {
			t.Errorf("%s: replies %s, want %s", c.requests, got, c.replies)
		}
		if (c.failure == "") != (err == nil) || err != nil && !strings.HasPrefix(err.Error(), c.failure) {
			t.Errorf("%s: error %v, want %q", c.requests, err, c.failure)
		}
	}
}
