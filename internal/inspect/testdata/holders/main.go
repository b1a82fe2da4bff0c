// Holders is read by the tests of package inspect. It holds known numbers of objects
// through one thing of each kind, and says how many bytes each made the heap larger.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// Session is held by maps, and holds its history.
type Session struct {
	ID      int
	history []Line
	next    *Session
}

// Line is what a session remembers.
type Line struct{ text *[64]byte }

type Store struct {
	name     string
	sessions map[string]*Session
}

type Cache struct {
	hits  int
	inner struct{ items []*Item }
}

type Item struct {
	key  *int
	data [240]byte
}

type Node struct {
	next *Node
	data [112]byte
}

type Buffer interface{ Len() int }
type ring struct{ b []*Chunk }

func (r *ring) Len() int { return len(r.b) }

type Chunk struct {
	data [1016]byte
	self *Chunk
}

var (
	store  = &Store{name: "the one"}
	cache  Cache
	list   *Node
	shared sync.Map
	buffer Buffer
	hook   func() int
	queue  chan *Job
	blobs  [][]byte
)

type Job struct {
	payload [480]byte
	done    *bool
}

func main() {
	runtime.MemProfile(nil, false) // without somebody who reads it there is no profile
	in := bufio.NewReader(os.Stdin)
	os.Stdout.WriteString("ready\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		name, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, _ := strconv.Atoi(arg)
		answer := any(did(name, n))
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			panic(err)
		}
	}
}

// did does what is asked for, and returns by how much the live heap has grown.
func did(name string, n int) int64 {
	before := live()
	switch name {
	case "map":
		store.sessions = map[string]*Session{}
		for i := range n {
			store.sessions["session "+strconv.Itoa(i)] = session(i)
		}
	case "slice":
		for range n {
			cache.inner.items = append(cache.inner.items, &Item{key: new(int)}) // item
		}
	case "local":
		ready := make(chan bool)
		go keeper(n, ready) // starts
		<-ready
	case "closure":
		hook = counter(n)
	case "channel":
		queue = make(chan *Job, n)
		for range n {
			queue <- &Job{done: new(bool)} // job
		}
	case "list":
		for range n {
			list = &Node{next: list} // node
		}
	case "sync":
		for i := range n {
			shared.Store(i, &[128]*int{}) // value
		}
	case "interface":
		r := &ring{}
		for range n {
			c := &Chunk{} // chunk
			c.self = c
			r.b = append(r.b, c)
		}
		buffer = r
	case "blobs":
		for range n {
			blobs = append(blobs, make([]byte, 4096)) // blob
		}
	case "busy":
		go busy()
	case "large":
		large(n)
	case "off":
		debug.SetGCPercent(-1)
	}
	return live() - before
}

func live() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

//go:noinline
func session(i int) *Session {
	s := &Session{ID: i} // session
	for range 4 {
		text := new([64]byte) // text
		s.history = append(s.history, Line{text})
	}
	return s
}

// keeper holds what no variable of a package does.
func keeper(n int, ready chan bool) {
	mine := make([]*[32]*int, n)
	for i := range mine {
		mine[i] = new([32]*int) // mine
	}
	ready <- true
	<-make(chan bool)
	runtime.KeepAlive(mine)
}

func counter(n int) func() int {
	seen := make([]*[64]*int, 0, n)
	for range n {
		seen = append(seen, new([64]*int)) // seen
	}
	return func() int { return len(seen) }
}

var tree []*Node

// large makes a heap of about n megabytes, all of it with pointers.
func large(n int) {
	for range n << 20 / 120 {
		tree = append(tree, &Node{})
	}
	for i := 1; i < len(tree); i++ {
		tree[i].next = tree[i-1]
	}
}

// busy allocates and lets go.
func busy() {
	var mine [64]*Chunk
	for i := 0; ; i++ {
		c := &Chunk{}
		c.self = c
		mine[i%len(mine)] = c
		m := map[int]*Node{}
		for j := range 100 {
			m[j] = &Node{}
		}
	}
}
