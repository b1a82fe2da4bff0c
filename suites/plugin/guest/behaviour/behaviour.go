// Package behaviour is what the suite's plugins written in Go do: the guest's
// contract of package plugin, apart from how a host reaches it.
package behaviour

import (
	"errors"
	"strconv"
	"strings"
)

// Plugin is the state of one plugin. A host calls it from one goroutine at a
// time.
type Plugin struct {
	// Ask reaches the host. It is nil where the host does not answer.
	Ask func(question string) (string, error)

	name          string
	events, bytes int
	held          []byte
	spins         uint64
}

const pattern = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// Call is the contract. An error is for the host; a crash ends the program.
func (p *Plugin) Call(function, argument string) (string, error) {
	switch function {
	case "init":
		p.name = argument
		return strconv.Itoa(version), nil
	case "transform":
		return transform(argument), nil
	case "event":
		p.events++
		p.bytes += len(argument)
		return "", nil
	case "status":
		return p.status(), nil
	case "hold":
		return p.hold(argument)
	case "peek":
		at, err := strconv.Atoi(argument)
		if err != nil || at < 0 || at >= len(p.held) {
			return "", errors.New("peek at " + argument + ": nothing is held there")
		}
		return string(p.held[at]), nil
	case "ask":
		if p.Ask == nil {
			return "", errors.New("there is no host to ask")
		}
		return p.Ask(argument)
	case "spin":
		for {
			p.spins++
		}
	case "crash":
		panic("the plugin was told to crash")
	}
	return "", errors.New("the plugin has no function " + function)
}

// status does without package fmt, which makes a WebAssembly module a third larger.
func (p *Plugin) status() string {
	words := []string{p.name}
	for _, n := range []int{version, p.events, p.bytes, len(p.held)} {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, " ")
}

// hold lets go of what is held first, and writes to every byte, so that the
// memory is really there.
func (p *Plugin) hold(argument string) (string, error) {
	n, err := strconv.Atoi(argument)
	if err != nil || n < 0 {
		return "", errors.New("hold " + argument + ": not a number of bytes")
	}
	p.held = nil
	p.held = make([]byte, n)
	for done := copy(p.held, pattern); done > 0 && done < n; {
		done += copy(p.held[done:], p.held[:done])
	}
	return argument, nil
}
