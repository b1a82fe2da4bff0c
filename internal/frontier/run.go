package frontier

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// Options say how to find a frontier. The length of each process is that of the natural
// pass, Measure.Time, and the number of processes for each setting Measure.Repeats; with 0
// they are as package measure has them, which is too few to compare.
type Options struct {
	Settings  []highwater.CollectorSetting                                // none: Collectors, and Limits of what they show
	Reference highwater.CollectorSetting                                  // the zero value: GOGC=100 without a limit
	Within    float64                                                     // the loss of throughput that is accepted, a ratio; 0: 5 %
	Measure   measure.Options                                             //
	Record    func(s highwater.CollectorSetting, m highwater.Measurement) // told of each process; may be nil
}

// defaultWithin is the loss of throughput that counts as none.
const defaultWithin = 0.05

// defaultReference is what the runtime does by itself.
var defaultReference = highwater.CollectorSetting{GOGC: 100}

// Run measures the target at the settings. Where none are given, it tries values of GOGC
// first, and then limits that fit what is live. The error is that of ctx, or of a set-up
// that no setting is to blame for; a setting under which the process fails is a point with
// Failed.
func Run(ctx context.Context, t target.Target, o Options) (highwater.Frontier, error) {
	if _, omitted := t.Info.Omit[highwater.PassNatural]; omitted {
		return highwater.Frontier{}, fmt.Errorf("%s has no natural pass, in which settings of the collector could be compared: %s", t.Info.ID(), t.Info.Omit[highwater.PassNatural])
	}
	if t.Bench || t.Program || t.Command {
		return highwater.Frontier{}, fmt.Errorf("%s does not tell how many operations it makes in what time: write a memtest scenario of it to compare settings of the collector", t.Info.ID())
	}
	if o.Reference == (highwater.CollectorSetting{}) {
		o.Reference = defaultReference
	}
	if o.Within == 0 {
		o.Within = defaultWithin
	}
	settings := o.Settings
	var limits []highwater.CollectorSetting
	if len(settings) == 0 {
		settings = Collectors()
		first, err := measured(ctx, t, []highwater.CollectorSetting{o.Reference}, o, 1)
		if err != nil {
			return highwater.Frontier{}, err
		}
		for _, m := range first[o.Reference] {
			limits = Limits(m)
		}
		settings = append(settings, limits...)
	}
	if !slices.Contains(settings, o.Reference) {
		settings = append([]highwater.CollectorSetting{o.Reference}, settings...)
	}
	all, err := measured(ctx, t, settings, o, o.Measure.Repeats)
	if err != nil {
		return highwater.Frontier{}, err
	}
	f, err := Analyse(t.Info.ID(), all, o.Reference, o.Within)
	if err == nil && len(o.Settings) == 0 && len(limits) == 0 {
		f.Notes = append(f.Notes, "no limits were tried: this platform does not tell what the memory of the process consists of")
	}
	return f, err
}

// measured runs the target at the settings, all of them in each repeat, one repeat in
// their order and the next against it, so that a machine that becomes slower treats them
// alike.
func measured(ctx context.Context, t target.Target, settings []highwater.CollectorSetting, o Options, repeats int) (map[highwater.CollectorSetting][]highwater.Measurement, error) {
	all := map[highwater.CollectorSetting][]highwater.Measurement{}
	var sides []measure.Side
	for _, s := range settings {
		side := t
		side.Env = slices.Concat(t.Env, s.Env())
		side.Info.Omit = maps.Clone(t.Info.Omit)
		if side.Info.Omit == nil {
			side.Info.Omit = map[highwater.Pass]string{}
		}
		for _, pass := range []highwater.Pass{highwater.PassExact, highwater.PassCollector} {
			side.Info.Omit[pass] = "it has settings of its own"
		}
		sides = append(sides, measure.Side{Name: s.String(), Targets: []target.Target{side}, Record: func(m highwater.Measurement) {
			all[s] = append(all[s], m)
			if o.Record != nil {
				o.Record(s, m)
			}
		}})
	}
	options := o.Measure
	options.Repeats, options.Dir = repeats, ""
	if err := measure.Alternate(ctx, sides, options); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("no process was measured")
	}
	return all, nil
}
