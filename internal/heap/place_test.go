package heap

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/highwater-dev/highwater"
)

func TestPlaces(t *testing.T) {
	push := highwater.Frame{Func: "vt.Push", File: "vt.go", Line: 48}
	other := highwater.Frame{Func: "vt.New", File: "vt.go", Line: 9}
	got := Places([]highwater.Site{
		{Bytes: 50, Objects: 5, Share: 0.5, Where: other, Fingerprint: "n"},
		{Bytes: 30, Objects: 3, Share: 0.3, Where: push, Fingerprint: "a"},
		{Bytes: 25, Objects: 2, Share: 0.2, Where: push, Fingerprint: "b"},
	})
	want := []highwater.Site{
		{Bytes: 55, Objects: 5, Share: 0.5, Where: push, Fingerprint: "a"},
		{Bytes: 50, Objects: 5, Share: 0.5, Where: other, Fingerprint: "n"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestChangedPlaces(t *testing.T) {
	push := highwater.Frame{Func: "vt.Push", Line: 48}
	other := highwater.Frame{Func: "vt.New", Line: 9}
	got := ChangedPlaces([]highwater.SiteChange{
		{Site: highwater.Site{Where: other}, Before: 100, After: 40, Share: -0.6},
		{Site: highwater.Site{Where: push}, After: 50, Share: 0.5, New: true},
		{Site: highwater.Site{Where: push}, Before: 10, After: 60, Share: 0.5},
	})
	want := []highwater.SiteChange{
		{Site: highwater.Site{Where: push}, Before: 10, After: 110, Share: 1},
		{Site: highwater.Site{Where: other}, Before: 100, After: 40, Share: -0.6},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
