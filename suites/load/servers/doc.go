// Package servers holds the servers that highwater runs its load suite over.
package servers
