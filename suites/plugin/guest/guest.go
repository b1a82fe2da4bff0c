// Package guest holds the source of the plugins that the built-in hosts load, one
// behaviour (see package plugin) in four forms: a WebAssembly module and a
// process, both from Go, JavaScript and Starlark. Each has two versions.
//
// In flows a version, out flows source, or a program to be built with the go
// command.
package guest

import (
	"embed"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing/fstest"

	"github.com/highwater-dev/highwater/suites/internal/guest"
)

//go:embed behaviour wasm process wire
var source embed.FS

//go:embed script
var scripts embed.FS

// Versions lists the versions that there are of each plugin.
func Versions() []int { return []int{1, 2} }

// Wasm is the plugin as a WebAssembly module for a WASI host.
func Wasm(version int) guest.Program {
	return guest.Program{
		Name:  fmt.Sprintf("plugin-v%d.wasm", version),
		Files: module("wasm", "behaviour"),
		Env:   []string{"GOOS=wasip1", "GOARCH=wasm"},
		Args:  []string{"-buildmode=c-shared", fmt.Sprintf("-tags=v%d", version)},
	}
}

// Process is the plugin as a program for hashicorp/go-plugin: over gRPC, and over
// net/rpc when it is started with the argument netrpc.
func Process(version int) guest.Program {
	name := fmt.Sprintf("plugin-v%d", version)
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return guest.Program{
		Name:  name,
		Files: module("process", "behaviour", "wire"),
		Args:  []string{fmt.Sprintf("-tags=v%d", version)},
	}
}

// JavaScript is the plugin's source.
func JavaScript(version int) string { return script(version, "js") }

// Starlark is the plugin's source.
func Starlark(version int) string { return script(version, "star") }

// script is what the versions have in common and what they have not.
func script(version int, language string) string {
	return read(scripts, fmt.Sprintf("script/v%d.%s", version, language)) + "\n" + read(scripts, "script/plugin."+language)
}

// module is a Go module of one command, in its root, and the packages that it
// imports. Its path is that of this folder, so that the imports are the same in
// it as in highwater's own module.
func module(command string, packages ...string) fs.FS {
	files := fstest.MapFS{}
	for _, dir := range append(packages, command) {
		entries, err := source.ReadDir(dir)
		if err != nil {
			panic(err) // of a folder that is embedded above
		}
		for _, e := range entries {
			name := dir + "/" + e.Name()
			files[strings.TrimPrefix(name, command+"/")] = &fstest.MapFile{Data: []byte(read(source, name)), Mode: 0o600}
		}
	}
	return files
}

// read returns a file that is embedded.
func read(from embed.FS, name string) string {
	text, err := from.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}
