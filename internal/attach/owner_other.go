//go:build !unix

package attach

// ownerOf names the owner of a file.
func ownerOf(string) string { return "another user" }
