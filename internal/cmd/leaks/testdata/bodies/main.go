// Command bodies asks a server over HTTP, both in one process. Leaking, it does not
// close the bodies of the answers, so that each keeps its connection, with the
// goroutines and buffers of both ends; its clean twin reads and closes them.
package main

import (
	"io"
	"log"
	"net"
	"net/http"

	"example.com/leaky/pace"
)

// unit is what a connection costs both ends: four buffers of 4 KB, the stacks of
// three goroutines, and what net/http knows of it.
const unit = 40000

// answer is larger than what is read ahead.
var answer = make([]byte, 32<<10)

type client struct {
	leak bool
	http http.Client
	url  string
}

func newClient(leak bool) (*client, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(answer)
	}))
	return &client{leak: leak, http: http.Client{Transport: &http.Transport{}}, url: "http://" + l.Addr().String()}, nil
}

func (c *client) get() {
	resp, err := c.http.Get(c.url) // LEAK
	if err != nil {
		log.Fatal(err)
	}
	if c.leak {
		return // the status is all that was wanted
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
}

func main() {
	p := pace.Parse(10e3)
	c, err := newClient(p.Leak)
	if err != nil {
		log.Fatal(err)
	}
	p.Run(unit, pace.NewHeap(4e6), c.get)
}
