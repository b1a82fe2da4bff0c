// Command trendquality holds highwater's search for steps in results over time against a
// plain rule of 10 % and against the t-test of Mozilla's Perfherder, on made-up series
// whose truth is known, and prints false alarms, what is found, and how soon. It exits 1
// when highwater does not keep what docs/trends.md promises.
//
//	go run ./internal/cmd/trendquality -series 1000
//
// The same seed makes the same series.
package main
