package advise

import (
	"math"
	"strings"
	"testing"

	"github.com/highwater-dev/highwater"
)

// processes are exact ones of 100 operations, of which each allocates so much at f and in
// all, with a natural one each.
func processes(atF, inAll []int64) (all []highwater.Measurement) {
	ok := highwater.Outcome{Status: highwater.StatusOK}
	for i := range atF {
		all = append(all, highwater.Measurement{Pass: highwater.PassExact, Outcome: ok, AllocatedOps: 100, Allocated: []highwater.Site{site(7, 100*atF[i], 100), site(7, 100*(inAll[i]-atF[i]), 100)}})
		all[len(all)-1].Allocated[1].Where.Func = "example.com/m.other"
		all = append(all, highwater.Measurement{Pass: highwater.PassNatural, Outcome: ok, Values: map[string]float64{highwater.AllocBytes: float64(inAll[i])}})
	}
	return all
}

func TestVerify(t *testing.T) {
	advised := Advice{Kind: KindReuse, Lines: []highwater.Frame{{Func: "example.com/m.f.func1", Line: 7}}, Known: true, Per: PerOp, SavedAllocBytes: 1000}
	before := processes([]int64{1100, 1101, 1099}, []int64{5000, 5001, 5002})
	for _, c := range []struct {
		name         string
		atF, inAll   []int64
		want         Saving
		said         string
		notSupported bool
	}{
		{name: "all of it", atF: []int64{99, 101, 100}, inAll: []int64{4000, 4001, 4002}, want: Real},
		{name: "a fifth less", atF: []int64{270, 271, 269}, inAll: []int64{4170, 4171, 4172}, want: Real},
		{name: "half of it", atF: []int64{600, 601, 599}, inAll: []int64{4500, 4501, 4502}, want: OtherSize},
		{name: "nothing", atF: []int64{1100, 1099, 1101}, inAll: []int64{5000, 5002, 5001}, want: NotThere},
		{name: "it takes more", atF: []int64{1500, 1501, 1499}, inAll: []int64{5400, 5402, 5401}, want: NotThere},
		{name: "others take it", atF: []int64{100, 101, 99}, inAll: []int64{4990, 4995, 5005}, want: NotThere, said: "others take it"},
		{name: "it scatters", atF: []int64{0, 2000, 10}, inAll: []int64{4000, 6000, 4010}, want: NotThere},
		{name: "one process", atF: []int64{100}, inAll: []int64{4000}, want: Unknown, said: "need >= 2"},
	} {
		got := Verify("m/s", []Advice{advised}, before, processes(c.atF, c.inAll))
		if len(got) != 1 || got[0].Saving != c.want || !strings.Contains(got[0].Reason, c.said) || got[0].Expected != 1000 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	// Two on one function are judged by their sum.
	two := advised
	two.SavedAllocBytes = 500
	first := advised
	first.SavedAllocBytes = 500
	for _, got := range Verify("m/s", []Advice{first, two}, before, processes([]int64{99, 101, 100}, []int64{4000, 4001, 4002})) {
		if got.Saving != Real || !strings.Contains(got.Reason, "2 recommendations") {
			t.Errorf("two on one function: %+v", got)
		}
	}
	// What cannot be verified says why.
	for _, a := range []Advice{
		{Kind: KindCollector, Known: true, SavedCPU: 0.1},
		{Kind: KindPreallocate, Lines: advised.Lines},
		{Kind: KindStacks, Known: true, SavedBytes: 1e6, Lines: advised.Lines},
		{Kind: KindReuse, Known: true, Per: PerSecond, SavedAllocBytes: 1e6, Lines: advised.Lines},
	} {
		if got := Verify("m/s", []Advice{a}, before, before); got[0].Saving != Unknown || got[0].Reason == "" {
			t.Errorf("%s: %+v", a.Kind, got)
		}
	}
}

// Live memory is compared at the peak, and that of a map after tear-down.
func TestVerifyLive(t *testing.T) {
	holding := func(peak, retained int64) (all []highwater.Measurement) {
		for range 3 {
			all = append(all, highwater.Measurement{
				Pass: highwater.PassExact, Outcome: highwater.Outcome{Status: highwater.StatusOK}, PeakParts: &highwater.PeakParts{Heap: peak + 1e6},
				Sites: []highwater.Site{site(7, peak, 10)}, Retained: []highwater.Site{site(7, retained, 10)},
			})
		}
		return all
	}
	advised := Advice{Lines: []highwater.Frame{{Func: "example.com/m.f", Line: 7}}, Known: true, SavedBytes: 5e6}
	for kind, want := range map[Kind]Saving{KindPinned: Real, KindMap: NotThere} {
		advised.Kind = kind
		got := Verify("m/s", []Advice{advised}, holding(9e6, 6e6), holding(4e6, 6e6))
		if got[0].Saving != want || got[0].Unit != "B" {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}

// The example of Welch's test with a known answer: Student's sleep data (Cushny and Peebles
// 1905), as R's t.test(extra ~ group, sleep) has it: a difference of −1.58 and an interval
// from −3.3654832 to 0.2054832.
func TestDifference(t *testing.T) {
	d := difference([]float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2}, []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4})
	for _, c := range []struct{ got, want float64 }{{d.Center, -1.58}, {d.Low, -3.3654832}, {d.High, 0.2054832}} {
		if math.Abs(c.got-c.want) > 1e-6 {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}
