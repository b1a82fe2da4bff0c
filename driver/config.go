package driver

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/highwater-dev/highwater"
)

// Config is what a highwater is made of. Its zero value has no scenarios.
type Config struct {
	Name    string // of the program; "highwater" where empty
	Version string // that of the build where empty

	// Suites are the scenarios that can be run.
	Suites []Suite

	// Checks are asked about every run beside highwater's own judgements.
	Checks []highwater.Check

	// Reporters are formats beside highwater's own, by the name that --format
	// knows them by.
	Reporters map[string]highwater.Reporter

	// Args are the arguments, os.Args[1:] where nil.
	Args []string
	// Stdin, Stdout and Stderr are the process's own where nil.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Suite is a suite of scenarios as the command line offers it.
type Suite struct {
	Name string
	Doc  string

	// Engines are the implementations that the suite can be run over, the
	// default first. Empty where there is nothing to choose.
	Engines []Engine

	// OnRequest keeps the suite out of what runs when nothing is named, and out of
	// "all": its scenarios are there for other verbs, or for who names them.
	OnRequest bool

	// New makes the suite over the engine of that name, "" where there are
	// none. It is called to list scenarios too, and must do no work that a
	// scenario's set-up can do.
	New func(engine string) (highwater.Suite, error)

	// Prepare, where set, is called before scenarios of the suite are measured,
	// to make what takes long and is kept: programs that they run, for example.
	// It tells say what it is doing, and says and does nothing where all is there.
	Prepare func(ctx context.Context, say func(what string)) error
}

// Engine is an implementation that a suite can be run over. Its name is the
// variant of the suite's scenarios.
type Engine struct {
	Name string
	Doc  string
}

// Fixed offers a suite that has no engines to choose from.
func Fixed(s highwater.Suite) Suite {
	return Suite{
		Name: s.Name, Doc: s.Doc,
		New: func(string) (highwater.Suite, error) { return s, nil },
	}
}

func (c Config) withDefaults() Config {
	if c.Name == "" {
		c.Name = "highwater"
	}
	if c.Version == "" {
		c.Version = buildVersion()
	}
	if c.Args == nil {
		c.Args = os.Args[1:]
	}
	if c.Stdin == nil {
		c.Stdin = os.Stdin
	}
	if c.Stdout == nil {
		c.Stdout = os.Stdout
	}
	if c.Stderr == nil {
		c.Stderr = os.Stderr
	}
	return c
}

// validate reports suites that cannot be offered: a mistake of the program, and
// not of its user.
func (c Config) validate() error {
	seen := map[string]bool{}
	for _, s := range c.Suites {
		switch {
		case s.Name == "" || s.New == nil:
			return fmt.Errorf("suite %q: driver.Suite needs a Name and New", s.Name)
		case seen[s.Name]:
			return fmt.Errorf("suite %q stands twice in driver.Config", s.Name)
		}
		seen[s.Name] = true
	}
	return nil
}
