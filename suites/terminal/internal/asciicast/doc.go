// Package asciicast reads terminal recordings in the asciicast formats 2 and 3
// and writes format 2 (https://docs.asciinema.org/manual/asciicast/v2/).
//
// A recording comes in as lines of JSON and goes out as a [Recording]: its size
// and its events, with times in seconds since the start in both formats. What
// is read is taken to be hostile: lines, events and the whole are limited in
// size. The package never replays anything and knows nothing of compression.
package asciicast
