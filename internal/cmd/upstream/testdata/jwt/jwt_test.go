package bench

import (
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// BenchmarkDots parses what a client has sent for a token: 100 KB of dots.
func BenchmarkDots(b *testing.B) {
	token := strings.Repeat(".", 100_000)
	for b.Loop() {
		if _, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{}); err == nil {
			b.Fatal("that was no token")
		}
	}
}
