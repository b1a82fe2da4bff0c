package why

import (
	"fmt"
	"path"
	"strings"

	"github.com/highwater-dev/highwater"
)

// sinceBaseline is what package gate says of a site that the baseline does not
// have, which the sources tell better.
const sinceBaseline = ", new since the baseline"

// wasIn begins what package gate says of a site that was in another function.
const wasIn = ", formerly in "

// sentence completes a finding's reason that ends with its site.
func sentence(reason string, c highwater.SiteChange, s found) string {
	plain, was := reason, ""
	if i := strings.LastIndex(reason, wasIn); i >= 0 && c.Was != nil {
		plain, was = reason[:i], reason[i:]
	}
	plain, isNew := strings.CutSuffix(plain, sinceBaseline)
	named := strings.HasSuffix(plain, fmt.Sprintf("%s:%d)", base(c.Site.Where.File), c.Site.Where.Line))
	plain += was
	// Where the reason names another cause, such as goroutine stacks, the site is
	// not what is to be explained.
	if !named && !isNew {
		return reason
	}
	if h := s.hunk; h != nil {
		at := fmt.Sprintf("%s:%d", path.Base(h.File), h.After)
		version := "this branch"
		if s.module != "" {
			version = s.module
		}
		switch h.Near {
		case highwater.NearLine:
			if s.fresh {
				reason = plain + ", new in " + version
			} else {
				reason = plain + ", changed in " + version
			}
		case highwater.NearFunction:
			reason = fmt.Sprintf("%s, in a function that was changed in %s (%s)", plain, version, at)
		case highwater.NearCaller:
			reason = fmt.Sprintf("%s, reached from %s, which was changed in %s (%s)", plain, h.In, version, at)
		case highwater.NearUse:
			reason = fmt.Sprintf("%s, by way of %s, which was changed in %s (%s)", plain, h.In, version, at)
		}
	}
	if s.escape != nil {
		reason += "; " + s.escape.String()
	}
	return reason
}

func base(file string) string { return file[strings.LastIndexAny(file, `/\`)+1:] }
