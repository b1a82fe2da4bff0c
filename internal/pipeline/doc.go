// Package pipeline writes the configuration of a pipeline that runs highwater: for
// GitHub Actions, for GitLab CI, and for whatever else runs a shell script.
//
// In flows what the module is like, out flow a file's text and its place in the
// repository. It reads and writes no file, and asks no service. All that a pipeline does
// are commands of highwater, which run the same on a laptop.
package pipeline
