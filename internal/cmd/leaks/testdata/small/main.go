// Command small is an agent of 11 MB that reports once in a while. Leaking, it keeps
// what it reported, 480 KB an hour unless told otherwise; its clean twin keeps the
// last 16 reports.
package main

import "example.com/leaky/pace"

const unit = 128 + 27

const size = 16

type agent struct {
	leak    bool
	reports [][]byte
	next    int
}

func (a *agent) report() {
	text := make([]byte, 128) // LEAK
	if a.leak || len(a.reports) < size {
		a.reports = append(a.reports, text) // LEAK
		return
	}
	a.reports[a.next%size] = text
	a.next++
}

func main() {
	p := pace.Parse(480e3 / 3600.)
	a := &agent{leak: p.Leak}
	p.Run(unit, pace.NewHeap(11e6), a.report)
}
