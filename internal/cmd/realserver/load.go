package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

const (
	clients = 20
	payload = 512 // bytes of a message
	pause   = 2 * time.Millisecond
	soon    = 20 * time.Millisecond // until the next attempt to connect
)

// load lets clients work with the server on a port until ctx ends: each publishes to the
// subject of the next. With leak, one more subscribes to ever new subjects. It returns as
// soon as all of them are connected, which the server may take its time for.
func load(ctx context.Context, port int, leak bool) error {
	for i := range clients {
		c, err := connect(ctx, port)
		if err != nil {
			return err
		}
		fmt.Fprintf(c, "SUB load.%d 1\r\n", i)
		message := fmt.Sprintf("PUB load.%d %d\r\n%s\r\n", (i+1)%clients, payload, make([]byte, payload))
		go every(ctx, c, func(int) string { return message })
	}
	if leak {
		c, err := connect(ctx, port)
		if err != nil {
			return err
		}
		go every(ctx, c, func(n int) string { return fmt.Sprintf("SUB leak.%d %d\r\n", n, n+1) })
	}
	return nil
}

// every sends the next text again and again, until ctx ends or the server does.
func every(ctx context.Context, c net.Conn, next func(n int) string) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if _, err := io.WriteString(c, next(n)); err != nil {
			return
		}
	}
}

// connect opens a connection to the server, which may not listen yet. It is closed when ctx
// ends; what the server sends is read, and its pings are answered.
func connect(ctx context.Context, port int) (net.Conn, error) {
	var dialer net.Dialer
	for {
		c, err := dialer.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			context.AfterFunc(ctx, func() { c.Close() })
			fmt.Fprint(c, "CONNECT {\"verbose\":false}\r\n")
			go answer(c)
			return c, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-time.After(soon):
		}
	}
}

func answer(c net.Conn) {
	for s := bufio.NewScanner(c); s.Scan(); {
		if s.Text() == "PING" {
			fmt.Fprint(c, "PONG\r\n")
		}
	}
}
