package textgen

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Generator makes text from a seed.
type Generator struct {
	r     *rand.Rand
	clock time.Time
}

// New returns a generator with that seed.
func New(seed uint64) *Generator {
	return &Generator{
		r:     rand.New(rand.NewPCG(seed, seed)),
		clock: time.Date(2026, time.March, 4, 5, 6, 7, 0, time.UTC),
	}
}

// pick returns one of the words.
func pick[T any](g *Generator, words []T) T { return words[g.r.IntN(len(words))] }

var (
	levels     = []string{"INFO", "INFO", "INFO", "INFO", "DEBUG", "DEBUG", "WARN", "ERROR"}
	components = []string{"http", "store", "auth", "queue", "cache", "scheduler", "mailer", "indexer"}
	messages   = []string{
		"request served", "connection accepted", "connection closed by peer", "retrying after backoff",
		"cache entry evicted", "slow query", "job finished", "job enqueued", "lease renewed",
		"checkpoint written to disk", "token refreshed", "payload rejected: field out of range",
		"upstream answered with an unexpected status", "compaction of segment done",
	}
	keys = []string{"id", "user", "bytes", "took", "path", "status", "attempt", "shard", "peer"}
)

func (g *Generator) value(key string) string {
	switch key {
	case "took":
		hundredths := g.r.IntN(1 + g.r.IntN(10_000)) // mostly small, and no floating point to differ between machines
		return fmt.Sprintf("%d.%02dms", hundredths/100, hundredths%100)
	case "path":
		return fmt.Sprintf("/v1/%s/%d", pick(g, components), g.r.IntN(10_000))
	case "peer":
		return fmt.Sprintf("192.0.2.%d:%d", g.r.IntN(256), 1024+g.r.IntN(60_000))
	case "id":
		return fmt.Sprintf("%016x", g.r.Uint64())
	default:
		return fmt.Sprint(g.r.IntN(100_000))
	}
}

// LogLine returns a line of a service's log, without its end: 45 to 180 columns.
func (g *Generator) LogLine() string {
	g.clock = g.clock.Add(time.Duration(g.r.IntN(900)) * time.Millisecond)
	line := fmt.Sprintf("%s %-5s %s: %s", g.clock.Format("2006-01-02T15:04:05.000Z"), pick(g, levels), pick(g, components), pick(g, messages))
	for range g.r.IntN(6) {
		key := pick(g, keys)
		line += " " + key + "=" + g.value(key)
	}
	return line
}

// Log returns n lines as a pseudo-terminal passes them on, with CR LF.
func (g *Generator) Log(n int) []byte {
	var p []byte
	for range n {
		p = append(p, g.LogLine()+"\r\n"...)
	}
	return p
}

var levelColors = map[string]string{"INFO": "32", "DEBUG": "90", "WARN": "1;33", "ERROR": "1;37;41"}

// ColorLog is Log with the SGR sequences that loggers use: the 16 colours, the
// 256 colours, 24-bit colours, and attributes.
func (g *Generator) ColorLog(n int) []byte {
	var p []byte
	for range n {
		g.clock = g.clock.Add(time.Duration(g.r.IntN(900)) * time.Millisecond)
		level := pick(g, levels)
		p = fmt.Appendf(p, "\x1b[2m%s\x1b[0m \x1b[%sm%-5s\x1b[0m \x1b[38;5;%dm%s\x1b[39m: %s",
			g.clock.Format("15:04:05.000"), levelColors[level], level, 16+g.r.IntN(216), pick(g, components), pick(g, messages))
		for range g.r.IntN(6) {
			key := pick(g, keys)
			switch g.r.IntN(3) {
			case 0:
				p = fmt.Appendf(p, " \x1b[36m%s=\x1b[0m%s", key, g.value(key))
			case 1:
				p = fmt.Appendf(p, " \x1b[3m%s\x1b[23m=\x1b[4m%s\x1b[24m", key, g.value(key))
			default:
				p = fmt.Appendf(p, " %s=\x1b[38;2;%d;%d;%dm%s\x1b[0m", key, g.r.IntN(256), g.r.IntN(256), g.r.IntN(256), g.value(key))
			}
		}
		p = append(p, "\r\n"...)
	}
	return p
}
