package driver

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/config"
	"github.com/highwater-dev/highwater/internal/gate"
	"github.com/highwater-dev/highwater/internal/history"
	"github.com/highwater-dev/highwater/internal/target"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// options are what the flags of one invocation say.
type options struct {
	said       config.Settings
	configFile string
	env        string
	output     output
	quiet      bool
	verbose    bool
	labels     []string
	leaks      bool // programs are built with the runtime's leak profile at hand
	adds       bool // the verb measures, and adds its run to a store only where one is named
}

// Groups of flags, so that one thing is called the same in every verb.
var (
	whatFlags    = []string{"scenarios", "engine"}
	measureFlags = []string{"repeats", "max_repeats", "timeout", "max_memory", "time", "memory_time", "jobs"}
	judgeFlags   = []string{"strict", "fail_on", "allow_inconclusive", "allow_missing", "allow_mismatch"}
	storeFlags   = []string{"store"}
)

// add declares flags for the settings of that name.
func (o *options) add(flags *pflag.FlagSet, groups ...[]string) {
	for _, group := range groups {
		for _, name := range group {
			setting := name
			if name == "count" { // what go test calls it
				setting = "repeats"
			}
			d, ok := config.ByName(setting)
			if !ok {
				panic("driver: no setting is called " + name)
			}
			flag, doc := d.Flag(), d.Doc
			if name == "count" {
				flag, doc = name, "the same as --repeats: here each repeat is a fresh process"
			}
			if flag == "scenarios" { // one each time it is given
				flag, doc = "scenario", "run this suite, suite/name or glob of these, or all; repeatable"
			}
			if flag == "store" && !o.adds { // of a verb that reads one, or is of nothing else
				doc = "history: the path of an SQLite file, or postgres://USER@HOST/DATABASE; history.db in the state directory if unset"
			}
			f := flags.VarPF(&settingFlag{setting: d, settings: &o.said}, flag, "", doc)
			if d.Bool() {
				f.NoOptDefVal = "true"
			}
		}
	}
}

// common declares the flags of every verb that judges or renders.
func (o *options) common(flags *pflag.FlagSet) {
	flags.StringVar(&o.configFile, "config", "", "configuration `file`; otherwise the highwater.yml of the module, if it has one")
	flags.StringVar(&o.env, "env", "", "`name` of the environment in the configuration, such as ci")
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "no progress and no warnings")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "more detail in the text report, and a line for every process measured")
}

// settingFlag makes a flag of a setting. The first use of a list's flag
// replaces what a less specific place says, further ones add to it.
type settingFlag struct {
	setting  config.Setting
	settings *config.Settings
	values   []string
}

func (f *settingFlag) String() string { return strings.Join(f.values, ",") }

// Type is what the help shows behind the flag; pflag knows bool by its name.
func (f *settingFlag) Type() string {
	if f.setting.Bool() {
		return "bool"
	}
	return f.setting.Value()
}

func (f *settingFlag) Set(v string) error {
	values := []string{v}
	if f.setting.List() {
		values = append(append([]string{}, f.values...), strings.Split(v, ",")...)
	}
	if err := f.setting.Set(f.settings, values...); err != nil {
		return err
	}
	f.values = values
	return nil
}

// held is what an invocation comes to: flags over variables over the file.
type held struct {
	config.Settings
	file  *config.File
	rules config.Rules

	labels     []label  // acceptances of the pull request
	labelNotes []string // and what is wrong with others

	lasting  bool // what is measured is to become a baseline
	compared bool // what is measured is to be compared with more than limits

	ops func(id string) int // operations that benchmarks were given before; nil: none
}

// resolve lays the flags over the variables and the file.
func (a *app) resolve(o *options) (held, error) {
	file, err := a.load(o)
	if err != nil {
		return held{}, usage(err)
	}
	variables, warnings, err := config.FromVariables(os.Environ())
	if err != nil {
		return held{}, usage(err)
	}
	if !o.quiet {
		for _, w := range warnings {
			a.warn("%s", w)
		}
	}
	env := o.env
	if env == "" {
		env = os.Getenv(config.VariableEnv)
	}
	rules, err := file.In(env)
	if err != nil {
		return held{}, usage(err)
	}
	h := held{file: file, rules: rules}
	h.labels, h.labelNotes, err = a.accepted(o.labels)
	if err != nil {
		return held{}, usage(err)
	}
	if !o.quiet {
		for _, n := range h.labelNotes {
			a.warn("%s", n)
		}
	}
	h.Settings = named(o.said, named(variables, rules.Settings))
	if h.Store != nil {
		if err := history.Check(*h.Store); err != nil {
			return held{}, usage(err)
		}
	}
	a.dsn = h.store()
	// Those of the file are located already: the others are meant from here.
	wd, err := os.Getwd()
	if err == nil {
		h.Scenarios, err = config.Located(h.Scenarios, wd)
	}
	if err != nil {
		return held{}, usagef("--scenario: %w", err)
	}
	return h, nil
}

// named lays one layer over another. What runs is said as a whole: naming a
// scenario on the command line does not add the file's packages to it.
func named(above, below config.Settings) config.Settings {
	if above.Scenarios != nil || above.Packages != nil {
		below.Scenarios, below.Packages = above.Scenarios, above.Packages
	}
	return above.Over(below)
}

// load finds and reads the configuration; nil where there is none.
func (a *app) load(o *options) (*config.File, error) {
	path := o.configFile
	if path == "" {
		path = os.Getenv(config.VariableConfig)
	}
	if path == "" {
		wd, err := os.Getwd()
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", config.Name, err)
		}
		if path, err = config.Find(wd); path == "" || err != nil {
			return nil, err
		}
	}
	file, err := config.Load(path)
	if err != nil {
		return nil, err
	}
	all, err := a.everything()
	if err != nil {
		return nil, &statusError{highwater.ExitError, err} // no fault of the file's
	}
	// Suites of Go packages are not known before the packages are built.
	if len(file.Packages) == 0 {
		err = file.Check(infos(all), modules()...)
	}
	return file, err
}

// policy is what a run is judged by.
func (a *app) policy(h held) gate.Policy {
	p := gate.Policy{
		Strict:     isTrue(h.Strict),
		Limits:     h.rules.Limits(isTrue(h.Strict)),
		Thresholds: h.rules.Thresholds(),

		AllowInconclusive: isTrue(h.AllowInconclusive),
		AllowMissing:      isTrue(h.AllowMissing),
		AllowMismatch:     isTrue(h.AllowMismatch),
		Checks:            a.Checks,

		Known: h.known(), Notes: h.labelNotes, Now: time.Now(), Budget: or(h.MaxRepeats, defaultMaxRepeats),
	}
	limits := p.Limits
	p.Limits = func(info highwater.ScenarioInfo) []highwater.Limit {
		if target.Raced(info) {
			return nil // the race detector multiplies what a program holds
		}
		return limits(info)
	}
	if h.FailOn != nil {
		p.FailOn = *h.FailOn
	}
	return p
}

func isTrue(b *bool) bool { return b != nil && *b }

func or[T any](p *T, otherwise T) T {
	if p != nil {
		return *p
	}
	return otherwise
}

// complete lets the shell complete the names that this program knows.
func (a *app) complete(cmd *cobra.Command) {
	noFiles := func(list func() []string) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return list(), cobra.ShellCompDirectiveNoFileComp
		}
	}
	for flag, list := range map[string]func() []string{
		"scenario": a.scenarioNames,
		"engine":   func() []string { return append(a.engineNames(), "all") },
		"format":   a.formats,
		"fail-on":  func() []string { return []string{"warning", "critical"} },
	} {
		if cmd.Flags().Lookup(flag) != nil {
			if err := cmd.RegisterFlagCompletionFunc(flag, noFiles(list)); err != nil {
				panic(err) // registered twice: a programmer's error
			}
		}
	}
}
