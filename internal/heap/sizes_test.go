package heap

import (
	"slices"
	"testing"

	"github.com/highwater-dev/highwater"
)

func TestSizes(t *testing.T) {
	grow := []highwater.Frame{{Func: "a.grow", Line: 1}}
	one := []highwater.Frame{{Func: "a.one", Line: 2}}
	unknown := []highwater.Frame{{Func: "a.unknown", Line: 3}}
	records := []Record{
		{Stack: grow, Objects: 3, Bytes: 48, Size: 16},
		{Stack: grow, Objects: 5, Bytes: 40, Size: 8},
		{Stack: grow, Objects: 2, Bytes: 32, Size: 16},
		{Stack: one, Objects: 4, Bytes: 400, Size: 100},
		{Stack: unknown, Objects: 4, Bytes: 400, Size: 100},
		{Stack: unknown, Objects: 4, Bytes: 30},
	}
	sites := Sites(records, 0)
	FillSizes(sites, records)
	var uses []Use
	for _, r := range records {
		uses = append(uses, Use{Record: Record{Stack: r.Stack, Size: r.Size}, Allocated: highwater.Allocated{Bytes: r.Bytes, Objects: r.Objects}})
	}
	want := map[string][]highwater.SizeUse{"a.grow": {{Size: 8, Objects: 5}, {Size: 16, Objects: 5}}}
	for _, s := range sites {
		if got := s.Sizes; !slices.Equal(got, want[s.Where.Func]) {
			t.Errorf("Sites: %s has the sizes %v, want %v", s.Where.Func, got, want[s.Where.Func])
		}
	}
	for _, s := range Uses(uses) {
		if got := s.AllocatedSizes; !slices.Equal(got, want[s.Where.Func]) {
			t.Errorf("Uses: %s has the sizes %v, want %v", s.Where.Func, got, want[s.Where.Func])
		}
	}
}
