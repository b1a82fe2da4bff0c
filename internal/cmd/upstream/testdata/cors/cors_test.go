package bench

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rs/cors"
)

// BenchmarkPreflight answers a preflight request whose header, with 2 KB of
// commas in two lines, names no header at all.
func BenchmarkPreflight(b *testing.B) {
	handler := cors.Default().Handler(http.NotFoundHandler())
	request := httptest.NewRequest(http.MethodOptions, "http://example.com/", nil)
	request.Header.Set("Origin", "http://example.org")
	request.Header.Set("Access-Control-Request-Method", http.MethodGet)
	for range 2 {
		request.Header.Add("Access-Control-Request-Headers", strings.Repeat(",", 1000))
	}
	for b.Loop() {
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
}
