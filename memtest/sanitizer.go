//go:build msan || asan

package memtest

const sanitizerEnabled = true
