package bench

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gorilla/mux"
)

// BenchmarkRoute serves a request by a router with parameters.
func BenchmarkRoute(b *testing.B) {
	router := mux.NewRouter()
	router.HandleFunc("/users/{user}/posts/{post:[0-9]+}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(mux.Vars(r)["post"]))
	})
	for b.Loop() {
		router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/users/1/posts/2", nil))
	}
}
