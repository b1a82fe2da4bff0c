//go:build wasip1

// Command wasm is a plugin as a WebAssembly module, built with
// GOOS=wasip1 GOARCH=wasm -buildmode=c-shared.
//
// The host writes a function's name and its argument into the memory that buffer
// returns, which stays there until it asks for a larger one. It calls call with
// their lengths, which returns where the result begins (the upper half) and how
// long it is (the lower).
package main

import (
	"unsafe"

	"github.com/highwater-dev/highwater/suites/plugin/guest/behaviour"
)

func main() {}

var (
	plugin = behaviour.Plugin{Ask: askHost}
	input  []byte
	output []byte
)

//go:wasmexport buffer
func buffer(n uint32) unsafe.Pointer {
	input = make([]byte, n)
	return unsafe.Pointer(unsafe.SliceData(input))
}

//go:wasmexport call
func call(function, argument uint32) uint64 {
	result, err := plugin.Call(string(input[:function]), string(input[function:function+argument]))
	if err != nil {
		panic(err)
	}
	output = append(output[:0], result...)
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(output))))<<32 | uint64(len(output))
}

// ask passes a question to the host, which writes the answer into the memory
// given and returns its length.
//
//go:wasmimport highwater ask
func ask(question unsafe.Pointer, length uint32, answer unsafe.Pointer, capacity uint32) uint32

var answer [4096]byte

func askHost(question string) (string, error) {
	n := ask(unsafe.Pointer(unsafe.StringData(question)), uint32(len(question)), unsafe.Pointer(&answer), uint32(len(answer)))
	return string(answer[:n]), nil
}
