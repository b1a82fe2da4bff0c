package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// requests counts requests by method, as a server's instrumentation does for as
// long as the server runs.
var requests = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_total"}, []string{"method"})

// BenchmarkUnknownMethods serves requests whose methods a client has made up.
func BenchmarkUnknownMethods(b *testing.B) {
	handler := promhttp.InstrumentHandlerCounter(requests, http.NotFoundHandler())
	n := 0
	for b.Loop() {
		n++
		request := httptest.NewRequest(fmt.Sprintf("METHOD%d", n), "http://example.com/", nil)
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
}
