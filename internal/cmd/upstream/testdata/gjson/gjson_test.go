package bench

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// BenchmarkGet reads one field of every element of a list.
func BenchmarkGet(b *testing.B) {
	document := `{"list":[` + strings.Repeat(`{"name":"a","value":1},`, 1000) + `{"name":"z","value":2}]}`
	for b.Loop() {
		if len(gjson.Get(document, "list.#.value").Array()) != 1001 {
			b.Fatal("elements are missing")
		}
	}
}
