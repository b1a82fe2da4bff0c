package main

import (
	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/stability"
)

// assessor is how `highwater stability` judges a soak.
func assessor() judge {
	return func(s *highwater.Soak) bool {
		r := stability.Assess(s, stability.Policy{GrowthPercent: stability.StandardGrowth})
		return r.Course == highwater.CourseGrowing || len(r.Suspects) > 0
	}
}
