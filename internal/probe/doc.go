// Package probe is the part of highwater that runs inside the measured process.
// It imports the standard library only, so that its source can be added to a
// program that knows nothing of highwater.
//
// In go the signals of a workload (start, checkpoint, loop, end); out come
// [Message] lines over a Unix socket, written as the readings are made, so that
// a process which dies has already told what was known. The probe reads and
// reports; what the readings mean is decided in package measure.
//
// There is one agent for each kind of process (see docs/metrics.md): exact,
// natural and collector. The probe's own memory is allocated before the
// baseline is taken and so is not part of any figure.
package probe
