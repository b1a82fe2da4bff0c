package advise

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/highwater-dev/highwater"
)

const fewestInstances = 256

// layouts finds types with many live instances that padding makes larger. A site is of a
// type only where both agree: its objects have the size class of the type, and its line of
// source makes one (&T{, new(T), or a variable of it). What is saved is
//
//	live objects × (size class as it is − size class of the best order):
//
// where both are of one class the padding costs nothing, and there is no advice. Alignment
// is as the Go specification has it ("Size and alignment guarantees"); size classes are in
// internal/runtime/gc/sizeclasses.go.
func layouts(f *facts) []Advice {
	var all []Advice
	for _, p := range f.places {
		if p.live.Objects < fewestInstances {
			continue
		}
		c, ok := f.code(p.where)
		if !ok {
			continue
		}
		text := c.line(p.where.Line)
		for _, s := range f.Structs {
			was, best := class(s.Size), class(s.Best)
			// Both figures are rounded for each stack, after sampling.
			if off := was*p.live.Objects - p.live.Bytes; max(off, -off) > was*int64(len(p.held)) {
				continue
			}
			if best >= was || !makes(text, baseName(s.Name)) {
				continue
			}
			all = append(all, Advice{
				Title: fmt.Sprintf("%s has %d bytes of padding, in %d live objects from %s", shortName(s.Name), s.Size-s.Best, p.live.Objects, p.where.Place()),
				Lines: []highwater.Frame{p.where}, Known: true, SavedBytes: p.live.Objects * (was - best),
				How: fmt.Sprintf("order the fields of %s so: %s", shortName(s.Name), strings.Join(s.Order, ", ")),
				Evidence: []string{
					fmt.Sprintf("%d objects of %d B are live there, %s", p.live.Objects, was, f.ofLive(p.live.Bytes)),
					fmt.Sprintf("the type has %d B, and %d B with its fields in another order: size classes of %d and %d B", s.Size, s.Best, was, best),
				},
				Found: "struct layout: the executable's types, held against the size of the site's objects and its line of source",
			})
			break
		}
	}
	return all
}

// line is the text of one line.
func (c Code) line(number int) string {
	lines := strings.Split(c.Text, "\n")
	if i := number - c.First; i >= 0 && i < len(lines) {
		return lines[i]
	}
	return ""
}

// makes reports whether the line makes one value of the type.
func makes(text, name string) bool {
	n := regexp.QuoteMeta(name)
	made, err := regexp.Compile(`(&(\w+\.)?` + n + `\{|new\((\w+\.)?` + n + `\)|\b` + n + `\{)`)
	slice := "[]" + name
	return err == nil && made.MatchString(text) && !strings.Contains(text, slice)
}

// baseName is the name of a type without its package.
func baseName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
