package ansi

// Boundary returns the first position at or after from at which p can be cut;
// len(p) where there is none. p must begin at a boundary.
func Boundary(p []byte, from int) int {
	var s scanner
	for i, c := range p {
		if i >= from && s.ground() && c < 0x80 {
			return i
		}
		s.next(c)
	}
	return len(p)
}

// Split cuts p into n pieces of about the same size, some of them empty when p
// is short. Together they are p.
func Split(p []byte, n int) [][]byte {
	pieces := make([][]byte, 0, n)
	done := 0
	for _, end := range boundaries(p, n) {
		pieces = append(pieces, p[done:end:end])
		done = end
	}
	return pieces
}

func boundaries(p []byte, n int) []int {
	ends := make([]int, 0, n)
	var s scanner
	for i, c := range p {
		for len(ends) < n-1 && i >= len(p)*(len(ends)+1)/n && s.ground() && c < 0x80 {
			ends = append(ends, i)
		}
		s.next(c)
	}
	for len(ends) < n {
		ends = append(ends, len(p))
	}
	return ends
}

// scanner follows the states of ECMA-48 as far as it takes to know whether a
// sequence is under way. UTF-8 needs no state: boundaries stand before ASCII.
type scanner struct {
	in byte // 0 in the ground state, else what is under way, one of the below
}

const (
	inEscape       = 'e' // ESC and intermediates
	inCSI          = '['
	inString       = ']' // OSC, DCS, APC, PM, SOS
	inStringEscape = '\\'
)

func (s *scanner) ground() bool { return s.in == 0 }

func (s *scanner) next(c byte) {
	const esc, bel, can, sub = 0x1b, 0x07, 0x18, 0x1a
	switch {
	case c == can || c == sub:
		s.in = 0
	case s.in == inString && c == bel:
		s.in = 0
	case s.in == inString && c == esc:
		s.in = inStringEscape
	case s.in == inString:
	case s.in == inStringEscape && c == '\\':
		s.in = 0
	case c == esc:
		s.in = inEscape
	case s.in == inEscape || s.in == inStringEscape:
		s.in = afterEscape(c)
	case s.in == inCSI && c >= 0x40 && c <= 0x7e:
		s.in = 0
	}
}

func afterEscape(c byte) byte {
	switch {
	case c == '[':
		return inCSI
	case c == ']' || c == 'P' || c == '_' || c == '^' || c == 'X':
		return inString
	case c >= 0x20 && c < 0x30:
		return inEscape // an intermediate: the final byte is yet to come
	default:
		return 0
	}
}

// Text returns p without its control sequences. Single control characters stay.
func Text(p string) string {
	var s scanner
	text := make([]byte, 0, len(p))
	for i := range len(p) {
		before := s.ground()
		s.next(p[i])
		if before && s.ground() {
			text = append(text, p[i])
		}
	}
	return string(text)
}
