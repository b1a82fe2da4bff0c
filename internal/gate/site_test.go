package gate

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/heap"
)

func site(function string, bytes int64, share float64) highwater.Site {
	stack := []highwater.Frame{
		{Func: "runtime.makeslice", File: "slice.go", Line: 1},
		{Func: function, File: "/src/x.go", Line: 7},
	}
	return highwater.Site{
		Bytes: bytes, Objects: 1, Share: share, Stack: stack,
		Where: heap.Where(stack), Fingerprint: heap.Fingerprint(stack),
	}
}
