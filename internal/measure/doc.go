// Package measure yields Measurements: it starts each scenario in fresh
// processes, one kind for each pass, listens to the probe inside them, and turns
// its readings into the values of the metrics.
//
// In go [target.Target] values and [Options]; out come
// [highwater.Measurement] values, one by one, as the processes end. A process
// that fails yields a Measurement too, which says how it failed. The package
// compares and judges nothing, and writes nothing but profiles.
//
// [ChildMain] is the other end: the part that runs in the measured process.
package measure
