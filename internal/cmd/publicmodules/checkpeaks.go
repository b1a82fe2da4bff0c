package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
)

// checkPeaks checks the largest peaks of the module. That none could be is an error.
func (r *result) checkPeaks(ctx context.Context, highwaterFile, tree, scratch string) error {
	candidates, err := r.candidates()
	if err != nil {
		return err
	}
	if r.peakOps() != r.Ops {
		if err := r.again(ctx, candidates, highwaterFile, tree, filepath.Join(scratch, "peaks.json")); err != nil {
			return err
		}
	}
	slices.SortFunc(candidates, func(a, b *benchmark) int { return int(b.peak - a.peak) })
	samplers := map[string]*sampled{}
	checked := 0
	for _, b := range candidates[:min(peaks, len(candidates))] {
		s, ok := samplers[b.pkg]
		if !ok {
			p, err := buildSampled(ctx, tree, b.pkg, scratch)
			if err != nil {
				return err
			}
			s = &sampled{plain: p, empty: map[string]int64{}}
			samplers[b.pkg] = s
		}
		if err := s.check(ctx, b, r.peakOps(), scratch); err != nil {
			r.unchecked = append(r.unchecked, fmt.Sprintf("%s: %v", b.name, err))
			continue
		}
		checked++
	}
	if checked == 0 {
		return fmt.Errorf("no peak could be checked: %v", r.unchecked)
	}
	return nil
}

// candidates are the benchmarks of which the largest peaks are checked.
func (r *result) candidates() ([]*benchmark, error) {
	pattern, err := regexp.Compile(r.Peaks)
	if err != nil {
		return nil, fmt.Errorf("the pattern of peaks: %w", err)
	}
	var all []*benchmark
	for i, b := range r.benchmarks {
		if pattern.MatchString(b.name) && r.Differ[b.name] == "" {
			all = append(all, &r.benchmarks[i])
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no benchmark matches the pattern of peaks %q", r.Peaks)
	}
	return all, nil
}

// again lets highwater measure the peaks at the number of operations at which they
// are checked.
func (r *result) again(ctx context.Context, candidates []*benchmark, highwaterFile, tree, file string) error {
	doc, _, err := r.gates(ctx, highwaterFile, tree, file, r.Bench, r.peakOps())
	if err != nil {
		return err
	}
	for _, b := range candidates {
		b.peak = -1
		for _, row := range doc.Rows {
			if row.Scenario.Suite == b.pkg && row.Scenario.Name == b.name && row.PeakParts != nil {
				b.peak = row.PeakParts.Heap
			}
		}
		if b.peak < 0 {
			return fmt.Errorf("highwater has no peak of %s at %d operations", b.name, r.peakOps())
		}
	}
	return nil
}

// sampled is a test binary with the sampler in it, and what that sees of the empty
// benchmarks.
type sampled struct {
	plain
	empty map[string]int64
}

// peakLooks is how often a benchmark is sampled at most, each time in several processes.
const peakLooks = 4

func (s *sampled) check(ctx context.Context, b *benchmark, ops int, to string) error {
	name := empty(b.name)
	if _, ok := s.empty[name]; !ok {
		own, err := s.peak(ctx, name, ops, to)
		if err != nil {
			return fmt.Errorf("the empty benchmark: %w", err)
		}
		s.empty[name] = own
	}
	b.empty = s.empty[name]
	// The sampler can miss a high, above all on a busy machine: where it saw less than
	// highwater did, it looks again.
	for range peakLooks {
		seen, err := s.peak(ctx, b.name, ops, to)
		if err != nil {
			return err
		}
		b.sampled, b.checked = max(b.sampled, seen-b.empty), true
		if agrees, off := b.peakAgrees(); agrees || off < 0 {
			break
		}
	}
	return nil
}
