package measure_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/highwater-dev/highwater"
	"github.com/highwater-dev/highwater/internal/measure"
	"github.com/highwater-dev/highwater/internal/target"
)

// programModule knows nothing of highwater. What the program holds at most is known:
// its table, and what the mode says.
var programModule = map[string]string{
	"go.mod": "module example.com/tool\n\ngo 1.20\n",
	"cmd/tool/main.go": `package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
	"syscall"

	"example.com/tool/internal/work"
)

var (
	mode  = flag.String("mode", "return", "how to end")
	table = make([]byte, 1<<20)
)

func init() { table[0] = 1 }

func main() {
	flag.Parse()
	fmt.Println("args:", strings.Join(flag.Args(), " "), os.Getenv("GOGC"), os.Getenv("HIGHWATER_PROBE_PROGRAM"))
	work.Spike(20)
	work.Churn(1000, 16<<10)
	switch *mode {
	case "stats":
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Println("total", m.TotalAlloc, m.Mallocs)
	case "exit":
		os.Exit(0)
	case "fatal":
		log.Fatal("no more disk")
	case "panic":
		panic("upside down")
	case "kill":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "hang":
		fmt.Println("listening on nothing")
		select {}
	case "exec":
		syscall.Exec("/bin/true", []string{"true"}, os.Environ())
	}
	runtime.KeepAlive(table)
}
`,
	"internal/work/work.go": `package work

var sink []byte

// Spike holds n MiB for a moment.
func Spike(n int) {
	held := make([][]byte, n)
	for i := range held {
		held[i] = make([]byte, 1<<20) // the peak
	}
	for i := range held {
		for page := 0; page < 1<<20; page += 4096 {
			held[i][page] = 1 // or it is not resident
		}
	}
}

func Churn(times, size int) {
	for i := 0; i < times; i++ {
		sink = make([]byte, size)
	}
	sink = nil
}
`,
	"cmd/server/main.go": `package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
)

var (
	mu     sync.Mutex
	leaked [][]byte
	cache  [][]byte
)

func leak() {
	mu.Lock()
	defer mu.Unlock()
	leaked = append(leaked, make([]byte, 8<<10)) // the leak
}

func main() {
	address := flag.String("address", "", "file for the address")
	never := flag.Bool("never", false, "never be ready")
	flag.Parse()
	startup := make([]byte, 3<<20)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*address, []byte(l.Addr().String()), 0o600); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/leak", func(w http.ResponseWriter, r *http.Request) { leak() })
	http.HandleFunc("/fill", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		for i := 0; i < 10; i++ {
			cache = append(cache, make([]byte, 1<<20))
		}
	})
	http.HandleFunc("/drop", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		cache = nil
	})
	http.HandleFunc("/die", func(w http.ResponseWriter, r *http.Request) { os.Exit(3) })
	if !*never {
		fmt.Println("listening on", l.Addr())
	}
	log.Fatal(http.Serve(l, nil), startup[0])
}
`,
	"cmd/tagged/main.go": "package main\n\nfunc main() { hold() }\n",
	"cmd/tagged/small.go": `//go:build !big

package main

func hold() {}
`,
	"cmd/tagged/big.go": `//go:build big

package main

var sink = make([]byte, 5<<20)

func hold() { println(len(sink)) }
`,
}

// The environment of the test's own client.
const envClient = "HIGHWATER_MEASURE_TEST_CLIENT"

// client makes requests: a URL and a number in each word of the variable, or a
// pause.
func client(text string) int {
	for _, word := range strings.Fields(text) {
		url, number, _ := strings.Cut(word, "*")
		n, err := strconv.Atoi(number)
		if url == "sleep" {
			time.Sleep(time.Duration(n) * time.Millisecond)
			continue
		}
		for range n {
			answer, getErr := http.Get(url)
			if err = getErr; err != nil {
				break
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
		if err != nil {
			fmt.Println(err)
			return 7
		}
	}
	return 0
}

var programs struct {
	sync.Mutex
	dir  string
	made map[string]target.Program
}

// program builds a main package of programModule, once.
func program(t *testing.T, pkg, tags string) target.Program {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("programs are driven through sh and signals here")
	}
	programs.Lock()
	defer programs.Unlock()
	if programs.dir == "" {
		dir, err := os.MkdirTemp("", "highwater-test-")
		if err != nil {
			t.Fatal(err)
		}
		programs.dir, programs.made = dir, map[string]target.Program{}
		for name, text := range programModule {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if p, ok := programs.made[pkg+tags]; ok {
		return p
	}
	out, err := os.MkdirTemp(programs.dir, "_build")
	if err != nil {
		t.Fatal(err)
	}
	p, err := target.BuildProgram(context.Background(), pkg, target.PackageOptions{Dir: out, Root: programs.dir, Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	programs.made[pkg+tags] = p
	return p
}

// passes measures a program once in each pass.
func passes(t *testing.T, p target.Program, d target.Drive, ops int, args ...string) (map[highwater.Pass]highwater.Measurement, string) {
	t.Helper()
	dir := t.TempDir()
	tg := target.Target{
		Info: highwater.ScenarioInfo{Suite: p.Package, Name: "tool", Sessions: 1, Ops: max(ops, 1), NoBudget: true},
		Path: p.Path, Args: args, Program: true, Drive: &d,
	}
	got := map[highwater.Pass]highwater.Measurement{}
	err := measure.Run(context.Background(), []target.Target{tg}, measure.Options{Repeats: 1, Jobs: 1, Dir: dir},
		func(m highwater.Measurement) { got[m.Pass] = m })
	if err != nil {
		t.Fatal(err)
	}
	return got, dir
}
