package driver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/revision"
	"github.com/highwater-dev/highwater/internal/trend"
)

// query is what is to be read, and what the options of each trend are changed by.
func (o *trendOptions) query(now time.Time) (history.Query, func(*trend.Options), error) {
	q := history.Query{Module: o.module, Metrics: o.metrics, Branches: o.branches, Bare: true}
	none := func(*trend.Options) {}
	for _, m := range o.metrics {
		var names []string
		for _, k := range highwater.Metrics() {
			names = append(names, k.Name)
		}
		if err := knownWord("metric", m, names); err != nil {
			return q, none, err
		}
	}
	if err := errors.Join(knownWord("format", o.format, trendFormats), knownWord("fail-on", o.failOn, trendFails)); err != nil {
		return q, none, usage(err)
	}
	if o.scenarios != nil {
		q.Match = func(id string) bool {
			return slices.ContainsFunc(o.scenarios, func(p string) bool { return config.Match(p, id) })
		}
	}
	var err error
	if q.Since, err = since(o.since, now); err != nil {
		return q, none, usagef("--since %w", err)
	}
	horizon, err := age(o.horizon)
	if err != nil || horizon <= 0 {
		return q, none, usagef("--horizon %q: want an age such as 90d, 12w or 36h", o.horizon)
	}
	var threshold highwater.Threshold
	if o.threshold != "" {
		if threshold, err = highwater.ParseThreshold(o.threshold); err != nil || threshold.Relative <= 0 {
			return q, none, usagef("--threshold %q: want a ratio such as 5%%, or with a floor, 10%%|64KiB", o.threshold)
		}
	}
	return q, func(to *trend.Options) {
		to.Horizon = horizon
		if !threshold.IsZero() {
			to.Threshold = threshold
		}
	}, nil
}

// since is the moment at which a stretch begins, which must not be empty.
func since(s string, now time.Time) (time.Time, error) {
	at, err := moment(s, now)
	if err == nil && at.Equal(now) {
		return time.Time{}, noMoment(s)
	}
	return at, err
}

// moment reads an age, or a date in the zone of now.
func moment(s string, now time.Time) (time.Time, error) {
	if d, err := age(s); err == nil {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, noMoment(s)
}

func noMoment(s string) error {
	return fmt.Errorf("%q: want an age such as 90d, 12w or 36h, or a date such as 2026-09-01", s)
}

// age reads days (90d), weeks (12w), a Go duration, or bare seconds.
func age(s string) (time.Duration, error) {
	for unit, days := range map[string]float64{"d": 1, "w": 7} {
		number, found := strings.CutSuffix(s, unit)
		if !found {
			continue
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || !(n >= 0 && n*days < 36500) {
			return 0, fmt.Errorf("%q is no number of days", s)
		}
		return time.Duration(n * days * 24 * float64(time.Hour)), nil
	}
	return config.ParseDuration(s)
}

// countCommits says how many commits lie between the results around each step, where the
// repository that they are of is at hand. Commits that it does not have stay uncounted.
func (a *app) countCommits(ctx context.Context, all []highwater.Trend) {
	repo, err := revision.Find(ctx, ".")
	if err != nil {
		return
	}
	for i := range all {
		for j := range all[i].Changes {
			c := &all[i].Changes[j]
			if n, err := repo.Count(ctx, c.LastBefore, c.FirstAfter); err == nil {
				c.Commits = n
			}
		}
	}
}
