//go:build !unix

package driver

// askedForSnapshot is of systems without a signal for it.
func askedForSnapshot() (<-chan struct{}, func()) { return nil, func() {} }
