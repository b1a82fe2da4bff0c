package target_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/highwater-dev/highwater/internal/target"
)

// Sizes that the programs below take, in bytes.
const (
	hoardStep = 1 << 20
	hoardMost = 2 << 30 // a hoarder that nobody ends stops here
	held      = 64 << 20
)

// The environment variables through which a test speaks with its program.
const (
	envMark = "HIGHWATER_TARGET_TEST_MARK" // finds the program's whole tree
	envFile = "HIGHWATER_TARGET_TEST_FILE" // where it writes what it has to tell

	envScratch = "HIGHWATER_TARGET_TEST_SCRATCH" // the scratch folder of its tree
)

func init() {
	for mode, program := range map[string]func() int{
		"deaf": func() int {
			signal.Ignore(syscall.SIGQUIT)
			waitForEver()
			return 0
		},
		"hoard":      hoard,
		"touch":      touchAndEnd,
		"hold":       hold,
		"hang+hold":  func() int { start("hold", false); waitForEver(); return 0 },
		"hold+spawn": holdAndSpawn,
		"orphan":     func() int { start("linger", false); return 0 },
		"daemon":     func() int { return run("daemon's parent") },
		"daemon's parent": func() int {
			start("linger", true)
			return 0
		},
		"linger":   func() int { waitForEver(); return 0 },
		"zombie":   zombie,
		"many":     many,
		"tree":     func() int { start("linger", false); run("daemon's parent"); waitForEver(); return 0 },
		"launcher": launcher,
		"parent":   parent,
		"reader":   func() int { io.Copy(io.Discard, os.Stdin); return 0 },
		"reader's parent": func() int {
			cmd := command("reader", false)
			in, err := cmd.StdinPipe()
			check(err)
			check(cmd.Start())
			_, err = in.Write([]byte("x"))
			check(err)
			return 0 // the pipe is closed now, and the reader about to end
		},
	} {
		modes[mode] = program
	}
}

// command is this test binary as a program of another mode. Its name is shown by
// ps, and so by an Exit.
func command(mode string, session bool) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", mode)
	cmd.Env = append(os.Environ(), envMode+"="+mode)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: session}
	return cmd
}

func start(mode string, session bool) *exec.Cmd {
	cmd := command(mode, session)
	check(cmd.Start())
	return cmd
}

func run(mode string) int {
	cmd := command(mode, true)
	check(cmd.Run())
	return 0
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// hoard allocates and touches memory until somebody stops it.
func hoard() int {
	var all [][]byte
	for range hoardMost / hoardStep {
		b := make([]byte, hoardStep)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		all = append(all, b)
	}
	fmt.Fprintln(os.Stderr, "nobody stopped it at", len(all)*hoardStep)
	return 9
}

// hold takes a known amount of memory and stays.
func hold() int {
	b := take()
	waitForEver()
	return int(b[0])
}

// holdAndSpawn starts small programs one after the other, from a large process.
func holdAndSpawn() int {
	b := take()
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		check(exec.Command("true").Run())
	}
	return int(b[0]) - 1
}

func take() []byte {
	b, err := syscall.Mmap(-1, 0, held, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	check(err)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
	return b
}

// zombie leaves a child that has ended and was not waited for.
func zombie() int {
	cmd := start("exit 0", false)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		check(err)
		if containsLine(string(text), "State:\tZ") {
			return 0
		}
	}
	return 1
}

const children = 60

// many leaves sixty children behind.
func many() int {
	for range children {
		check(exec.Command("sleep", "600").Start())
	}
	return 0
}

// parent tells who its supervisor is, and stays.
func parent() int {
	check(os.WriteFile(os.Getenv(envFile), []byte(strconv.Itoa(os.Getppid())), 0o600))
	waitForEver()
	return 0
}

// launcher is a highwater that launches a tree of processes.
func launcher() int {
	env := append(os.Environ(), envMode+"=tree")
	e := target.Launch(context.Background(), "/proc/self/exe", []string{"tree"}, env, "", target.Limits{Timeout: generous, Scratch: os.Getenv(envScratch)})
	fmt.Fprintf(os.Stderr, "%+v\n", e)
	return 1
}
