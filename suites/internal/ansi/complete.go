package ansi

import "unicode/utf8"

// Complete is the length of the longest part of p, from its beginning, that ends
// outside of control sequences and characters: what can be shown of output that
// goes on. p must begin at a boundary. Whether a mark that combines follows cannot
// be known, so that live output with such marks can be cut before one.
func Complete(p []byte) int {
	var s scanner
	end := 0
	for i := 0; i < len(p); {
		if !s.ground() || p[i] < utf8.RuneSelf {
			s.next(p[i])
			i++
		} else {
			if !utf8.FullRune(p[i:]) {
				return end
			}
			_, size := utf8.DecodeRune(p[i:])
			i += size
		}
		if s.ground() {
			end = i
		}
	}
	return end
}
