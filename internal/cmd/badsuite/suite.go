package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"github.com/highwater-dev/highwater"
)

func suite() highwater.Suite {
	scenario := func(name, doc string, run func(*highwater.M)) highwater.Scenario {
		return highwater.Scenario{Suite: "bad", Name: name, Doc: doc, Ops: 12, Run: run}
	}
	return highwater.Suite{
		Name: "bad", Doc: "scenarios that misbehave",
		Scenarios: []highwater.Scenario{
			{
				Suite: "bad", Name: "good", Doc: "holds as many bytes as BADSUITE_BYTES says, 1 MB otherwise", Ops: 12, Run: good,
				Omit: map[highwater.Pass]string{highwater.PassCollector: "it allocates nothing that the collector would have to work for"},
			},
			scenario("panic", "panics in its third operation", func(m *highwater.M) {
				for m.Loop() {
					if m.Op() == 3 {
						panic("the buffer is upside down")
					}
				}
			}),
			scenario("hang", "never ends", func(m *highwater.M) {
				for m.Loop() {
					time.Sleep(time.Hour)
				}
			}),
			scenario("hoard", "allocates without end", hoard),
			scenario("exit", "exits with status 0 before it is measured", func(m *highwater.M) {
				for m.Loop() {
					os.Exit(0)
				}
			}),
			scenario("kill", "is killed by a signal", func(m *highwater.M) {
				m.Check(syscall.Kill(os.Getpid(), syscall.SIGKILL))
				time.Sleep(time.Hour)
			}),
			scenario("fail", "says itself that it could not do its work", func(m *highwater.M) {
				m.Fatalf("the screen shows %q, want %q", "a", "b")
			}),
			scenario("fork", "leaves a child process behind", func(m *highwater.M) {
				m.Check(exec.Command("sleep", "300").Start())
				for m.Loop() {
				}
			}),
			scenario("goroutine", "leaves a goroutine behind", func(m *highwater.M) {
				go stuck(make(chan int))
				for m.Loop() {
				}
			}),
			scenario("fd", "leaves a file open", func(m *highwater.M) {
				f, err := os.Open("/dev/null")
				m.Check(err)
				leaked = append(leaked, f)
				for m.Loop() {
				}
			}),
			scenario("vanish", "removes the folder out.d of the working directory", func(m *highwater.M) {
				m.Check(os.RemoveAll("out.d"))
				for m.Loop() {
				}
			}),
			scenario("greedy", "holds 8 MB, over the standard budget", func(m *highwater.M) { hold(m, 8e6) }),
			scenario("noisy", "prints a megabyte of escape sequences before it panics", func(m *highwater.M) {
				for i := range 20000 {
					fmt.Fprintf(os.Stderr, "\x1b[31mline %d\x1b[2J with \a noise and more\n", i)
				}
				panic("noise")
			}),
		},
	}
}

// leaked keeps the finalizer from closing what scenario fd left open.
var leaked []*os.File

func stuck(c chan int) { <-c }

func good(m *highwater.M) {
	n := 1_000_000
	if text := os.Getenv("BADSUITE_BYTES"); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		m.Check(err)
	}
	hold(m, n)
}

// hold keeps n bytes alive to the end of the scenario.
func hold(m *highwater.M, n int) {
	block := grow(n)
	m.KeepAlive(block)
	for m.Loop() {
		block[0]++
	}
}

// grow is where the reports must point to.
//
//go:noinline
func grow(n int) []byte { return make([]byte, n) }

func hoard(m *highwater.M) {
	var all [][]byte
	for m.Loop() {
		for {
			b := make([]byte, 1<<20)
			for i := range b {
				b[i] = 1 // untouched memory would not be resident
			}
			all = append(all, b)
			m.KeepAlive(all)
		}
	}
}
