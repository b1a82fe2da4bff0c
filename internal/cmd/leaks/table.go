package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stat"
)

// as says why a result is not as it should be, "" where it is.
func (r result) as(k kind) string {
	switch {
	case r.open():
		return "was not judged: " + r.why()
	case r.alarm():
		return "is clean, and failed: " + strings.Join(r.Failed, "; ")
	case !r.Leak:
		return ""
	case !r.Found:
		return fmt.Sprintf("was not found (%s)", r.Course)
	case len(r.Right) == 0:
		return "was found, and laid to nothing that leaks: " + strings.Join(r.Wrong, "; ")
	case len(r.Wrong) > 0:
		return "was found, and something else accused besides: " + strings.Join(r.Wrong, "; ")
	case k.Within > 0 && (r.Detected == nil || *r.Detected > k.Within.Seconds()):
		return fmt.Sprintf("was not seen to be found within %s", k.Within)
	}
	return ""
}

func (r result) why() string {
	if r.Error != "" {
		return r.Error
	}
	return fmt.Sprintf("status %d, verdict %s", r.Exit, r.Verdict)
}

// title names a trial.
func (t trial) title() string {
	twin := ""
	if k, _ := named(t.Kind); k.leaks() && !t.Leak {
		twin = ", the twin"
	}
	if t.Rate == 0 {
		return t.Kind + twin
	}
	return fmt.Sprintf("%s at %s/s%s", t.Kind, highwater.FormatBytes(t.Rate), twin)
}

// print writes a line on a result that was just made.
func (r result) print(w io.Writer) {
	k, _ := named(r.Kind)
	said := r.as(k)
	if said == "" {
		said = "as it should be"
	}
	fmt.Fprintf(w, "%s, run %d: %s\n", r.title(), r.Number+1, said)
}

// table prints what came of the soaks in Markdown, and returns the status to exit with.
func table(w io.Writer, s settings, where string, all []result) int {
	fmt.Fprintf(w, "%s. %s\n\n", where, s.words())
	fmt.Fprintln(w, "| program | what | laid to | found | time to detection at 1 / 10 / 100 KB/s | right | besides | false alarms |")
	fmt.Fprintln(w, "|---|---|---|--:|--:|--:|--:|--:|")
	var wrong, open []string
	alarms, clean := 0, 0
	for _, k := range kinds {
		if !slices.Contains(s.kinds, k.Name) {
			continue
		}
		r := rowOf(k, all)
		alarms, clean = alarms+r.alarms, clean+r.clean
		if k.leaks() {
			fmt.Fprintf(w, "| `%s` | %s | %s | %d of %d | %s | %d | %d | %d of %d |\n", k.Name, k.What, k.Truth.Expected,
				r.found, r.leaks, strings.Join(r.times, " / "), r.right, r.besides, r.alarms, r.clean)
		} else {
			fmt.Fprintf(w, "| `%s` | %s | clean | | | | | %d of %d |\n", k.Name, k.What, r.alarms, r.clean)
		}
		wrong, open = append(wrong, r.wrong...), append(open, r.open...)
		if r.leaks < s.leaks*len(k.Rates) || r.clean+len(r.open) < s.twins {
			open = append(open, k.Name+" has not been soaked as often as was asked for")
		}
	}
	fmt.Fprintf(w, "\nFalse alarms: %d of %d clean runs", alarms, clean)
	if clean > 0 {
		fmt.Fprintf(w, ", with 95 %% confidence at most %.2g %%", 100*stat.ProportionUpper(alarms, clean, 0.95))
	}
	fmt.Fprintln(w, ".")
	for _, list := range []struct {
		title string
		all   []string
	}{{"Not as it should be:", wrong}, {"Not judged:", open}} {
		if len(list.all) > 0 {
			fmt.Fprintf(w, "\n%s\n\n", list.title)
			for _, l := range list.all {
				fmt.Fprintf(w, "- %s\n", strings.ReplaceAll(l, "\n", " "))
			}
		}
	}
	switch {
	case len(wrong) > 0:
		return highwater.ExitFail
	case len(open) > 0 || len(all) == 0:
		return highwater.ExitError
	}
	return highwater.ExitOK
}

// words say how the soaks were made.
func (s settings) words() string {
	text := fmt.Sprintf("Soaks of %s, a checkpoint every %s, %d at once", s.duration, s.interval, s.jobs)
	if s.speed == 1 {
		return text + ". Time passes as it does."
	}
	program := time.Duration(float64(s.duration) * s.speed).Round(time.Second)
	return text + fmt.Sprintf(". The programs' time passes %g times faster, so that a soak is %s of theirs: "+
		"a leak of 1 KB/s takes %g KB in a second of the clock. Times are the programs' own.", s.speed, program, s.speed)
}

// row is what came of one program.
type row struct {
	leaks, found, right, besides int
	clean, alarms                int
	times                        []string // for each rate
	wrong, open                  []string // in words
}

func rowOf(k kind, all []result) row {
	var r row
	times := map[float64][]float64{}
	for _, one := range all {
		if one.Kind != k.Name {
			continue
		}
		if why := one.as(k); one.open() {
			r.open = append(r.open, one.title()+" "+why)
		} else if why != "" {
			r.wrong = append(r.wrong, one.title()+" "+why)
		}
		switch {
		case one.Leak:
			r.leaks++
			if one.Found {
				r.found++
			}
			if one.Found && len(one.Right) > 0 {
				r.right++
			}
			if len(one.Wrong) > 0 {
				r.besides++
			}
			if one.Detected != nil {
				times[one.Rate] = append(times[one.Rate], *one.Detected)
			}
		case !one.open(): // what could not be judged is no clean run
			r.clean++
			if one.alarm() {
				r.alarms++
			}
		}
	}
	for _, rate := range k.Rates {
		text := "–"
		if ts := times[rate]; len(ts) > 0 {
			text = fmt.Sprintf("%.0f s", stat.Median(ts))
		}
		r.times = append(r.times, text)
	}
	return r
}
