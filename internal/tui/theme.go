package tui

import "github.com/charmbracelet/colorprofile"

// ink is what a piece of text is, which decides how it looks. No meaning is in colour
// alone: what has an ink of its own has a name, a sign or a place of its own too.
type ink uint8

const (
	inkPlain ink = iota
	inkDim
	inkStrong
	inkTitle
	inkTab // the view that is shown
	inkSelected
	inkGood
	inkWarn
	inkBad
	inkLive
	inkHeap
	inkGoal
	inkRSS
	inkRate
	inkStacks
	inkMetadata
	inkFree
	inks
)

// theme is the parameters of SGR (ECMA-48, 8.3.117) for each ink, "" for none.
type theme struct{ sgr [inks]string }

// Colours are those of the 256 whose contrast with a dark, or a light, background is at
// least 4.5 to 1.
var (
	darkTheme = &theme{[inks]string{
		inkDim: "38;5;246", inkStrong: "1", inkTitle: "1;38;5;110", inkTab: "1;7", inkSelected: "7",
		inkGood: "38;5;114", inkWarn: "38;5;221", inkBad: "1;38;5;210",
		inkLive: "38;5;114", inkHeap: "38;5;81", inkGoal: "38;5;221", inkRSS: "38;5;183", inkRate: "38;5;215",
		inkStacks: "38;5;204", inkMetadata: "38;5;250", inkFree: "38;5;109",
	}}
	lightTheme = &theme{[inks]string{
		inkDim: "38;5;241", inkStrong: "1", inkTitle: "1;38;5;25", inkTab: "1;7", inkSelected: "7",
		inkGood: "38;5;22", inkWarn: "38;5;94", inkBad: "1;38;5;124",
		inkLive: "38;5;22", inkHeap: "38;5;25", inkGoal: "38;5;94", inkRSS: "38;5;90", inkRate: "38;5;130",
		inkStacks: "38;5;125", inkMetadata: "38;5;240", inkFree: "38;5;30",
	}}
	// monoTheme is for NO_COLOR, which is about colour and leaves bold and reverse.
	monoTheme = &theme{[inks]string{inkStrong: "1", inkTitle: "1", inkTab: "1;7", inkSelected: "7", inkBad: "1"}}
	// bareTheme is for what is reversed as a whole, and for terminals that know no styles.
	bareTheme = &theme{}
	// For terminals of 16 colours, whose contrast is up to the terminal: what stands side by
	// side in a chart or a bar differs.
	darkFew = &theme{[inks]string{
		inkDim: "37", inkStrong: "1", inkTitle: "1;96", inkTab: "1;7", inkSelected: "7",
		inkGood: "92", inkWarn: "93", inkBad: "1;91",
		inkLive: "92", inkHeap: "96", inkGoal: "93", inkRSS: "95", inkRate: "93",
		inkStacks: "91", inkMetadata: "37", inkFree: "36",
	}}
	lightFew = &theme{[inks]string{
		inkDim: "90", inkStrong: "1", inkTitle: "1;34", inkTab: "1;7", inkSelected: "7",
		inkGood: "32", inkWarn: "33", inkBad: "1;31",
		inkLive: "32", inkHeap: "34", inkGoal: "33", inkRSS: "35", inkRate: "33",
		inkStacks: "31", inkMetadata: "90", inkFree: "36",
	}}
)

func themeFor(p colorprofile.Profile, dark bool) *theme {
	switch {
	case p <= colorprofile.NoTTY:
		return bareTheme
	case p == colorprofile.ASCII:
		return monoTheme
	case p == colorprofile.ANSI && dark:
		return darkFew
	case p == colorprofile.ANSI:
		return lightFew
	case dark:
		return darkTheme
	}
	return lightTheme
}
