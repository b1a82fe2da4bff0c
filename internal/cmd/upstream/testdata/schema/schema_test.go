package bench

import (
	"testing"

	"github.com/gorilla/schema"
)

// BenchmarkSparse decodes a form that names the millionth element of a list.
func BenchmarkSparse(b *testing.B) {
	var form struct {
		Items []struct{ Name, Value string }
	}
	decoder := schema.NewDecoder()
	values := map[string][]string{"Items.100000.Name": {"last"}}
	for b.Loop() {
		form.Items = nil
		// The fixed version answers with an error, and that is all right.
		_ = decoder.Decode(&form, values)
	}
}
