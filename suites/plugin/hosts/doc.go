// Package hosts holds the plugin hosts that highwater's own repository runs its
// plugin suite over: WebAssembly (wazero), processes (hashicorp/go-plugin over
// gRPC) and embedded scripts (goja, Starlark), each a [Mechanism] of about a
// hundred lines under one [Host].
//
// In flow the plugins of package guest, built from source into the user's cache
// directory the first time ([Prepare]); out flow the engines ([All]). What a
// process shares (compiled code, wazero's runtime) is made in an engine's set-up
// and kept; everything else ends with its host.
//
// Two of the engines are there to be caught leaking: see [GoPluginNetRPC] and [WazeroOpen].
package hosts
