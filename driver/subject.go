package driver

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// subjects are the ways in which flags and arguments name what is looked at, as the user wrote
// them: of several, one would be ignored.
func subjects(pid int, url string, scenarios bool, args []string) []string {
	var all []string
	if pid != 0 {
		all = append(all, "--pid")
	}
	if url != "" {
		all = append(all, "--url")
	}
	if scenarios {
		all = append(all, "--scenario")
	}
	if len(args) > 0 {
		all = append(all, fmt.Sprintf("%q", strings.Join(args, " ")))
	}
	return all
}

func (o *profilerOptions) subjects(args []string) []string {
	return subjects(o.pid, o.url, o.said.Scenarios != nil, args)
}

func (o *soakOptions) subjects(args []string) []string {
	return subjects(o.pid, o.url, o.said.Scenarios != nil, args)
}

// withScheme completes an address that is a host and a port, with or without a path, as go
// tool pprof does.
func withScheme(address string) string {
	if strings.HasPrefix(address, "unix:") {
		return address
	}
	at, _, _ := strings.Cut(address, "/")
	_, port, err := net.SplitHostPort(at)
	if _, no := strconv.ParseUint(port, 10, 16); err != nil || no != nil {
		return address
	}
	return "http://" + address
}
