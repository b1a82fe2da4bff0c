//go:build !unix

package history

import "testing"

func postgresDatabase(t testing.TB) string {
	t.Skip("the tests start PostgreSQL on Unix only")
	return ""
}

func stopPostgres() {}
