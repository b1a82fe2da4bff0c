//go:build !unix

package memtest

import (
	"context"
	"sync"
)

var measuring sync.Mutex

// serialise waits until no other test of this process measures.
func serialise(context.Context) (unlock func(), err error) {
	measuring.Lock()
	return measuring.Unlock, nil
}
