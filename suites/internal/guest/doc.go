// Package guest builds the Go programs that scenarios run inside or beside the
// measured process (WebAssembly modules, plugin processes, clients) from source
// that is embedded in highwater.
//
// In flows source, out flows the path of an executable in the user's cache
// directory. It is built once for each source, set of flags and Go version; the
// next call only looks whether the file is there. Building takes the go command,
// and, for a guest with dependencies, the module cache or a proxy.
package guest
