package main

import (
	"bufio"
	"maps"
	"net"
	"strings"
	"testing"
)

// As go tool pprof -top -lines prints it.
const printed = `File: nats-server
Type: inuse_space
Showing nodes accounting for 3000B, 100% of 3000B total
      flat  flat%   sum%        cum   cum%
     2000B 66.67% 66.67%      2500B 83.33%  example.com/m/server.(*client).readLoop /src/m/server/client.go:1700
     1000B 33.33%   100%      1000B 33.33%  example.com/m/server.grow[go.shape.[]int,go.shape.string] /src/m/server/set.go:7 (inline)
         0     0%   100%      3000B   100%  main.main /src/m/main.go:5
`

func TestParse(t *testing.T) {
	flat := map[string]int64{"example.com/m/server.(*client).readLoop /src/m/server/client.go:1700": 2000, "example.com/m/server.grow[...] /src/m/server/set.go:7": 1000}
	if got := parse(printed, false); !maps.Equal(got, flat) {
		t.Errorf("flat: %v", got)
	}
	if got := parse(printed, true); len(got) != 3 || got["main.main /src/m/main.go:5"] != 3000 {
		t.Errorf("cumulative: %v", got)
	}
}

func TestPrint(t *testing.T) {
	var b strings.Builder
	good := result{name: "analyze by probe", said: []string{"a | b"}}
	if !print(&b, []result{good}) || !strings.Contains(b.String(), `| analyze by probe | 0 | 0 | a \| b |`) {
		t.Errorf("printed\n%s", b.String())
	}
	bad := result{name: "leaks by probe"}
	bad.must(false, "%d are suspected", 3)
	if print(&b, []result{good, bad}) || !strings.Contains(b.String(), "**3 are suspected**") {
		t.Errorf("printed\n%s", b.String())
	}
}

// The clients of the load speak the server's protocol: each names itself, subscribes and
// publishes, and one never takes a subscription back.
func TestLoad(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	said := make(chan string)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				for s := bufio.NewScanner(c); s.Scan(); {
					verb, _, _ := strings.Cut(s.Text(), ".")
					select {
					case said <- verb:
					case <-t.Context().Done():
						return
					}
				}
			}()
		}
	}()
	if err := load(t.Context(), l.Addr().(*net.TCPAddr).Port, true); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{`CONNECT {"verbose":false}`: clients + 1, "SUB load": clients, "PUB load": 100, "SUB leak": 100}
	for seen := map[string]int{}; len(want) > 0; {
		verb := <-said
		if seen[verb]++; seen[verb] >= want[verb] {
			delete(want, verb)
		}
	}
}
