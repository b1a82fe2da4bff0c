package target

import (
	"os"
	"testing"
)

func TestLives(t *testing.T) {
	seen := map[int]Child{1: {HighWater: 10}, 2: {HighWater: 20}, 3: {HighWater: 40}, 4: {HighWater: 80}}
	for _, c := range []struct {
		name  string
		lives lives
		want  int64
	}{
		{"none", lives{}, 0},
		{"one after the other", lives{1: {0, 10}, 2: {11, 20}, 3: {21, 30}}, 40},
		// The second was first looked at when the first had gone, but began before.
		{"handing over", lives{1: {0, 10}, 2: {9, 20}, 3: {21, 30}}, 40},
		{"the last two together", lives{1: {0, 10}, 2: {11, 25}, 3: {21, 30}}, 60},
		{"all at once", lives{1: {0, 10}, 2: {5, 10}, 3: {10, 10}, 4: {10, 11}}, 150},
		{"a long one beside short ones", lives{4: {0, 99}, 1: {1, 2}, 2: {4, 5}, 3: {7, 8}}, 120},
	} {
		if got := c.lives.most(seen); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	l := lives{}
	l.see(os.Getpid(), uptime())
	l.see(os.Getpid(), uptime()+5)
	if me := l[os.Getpid()]; me.first <= 0 || me.first != min(started(os.Getpid()), me.last-5) || me.last-me.first < 5 {
		t.Errorf("this process is there from %d to %d; it began at %d", me.first, me.last, started(os.Getpid()))
	}
	if started(-1) < 1<<60 {
		t.Error("a process that is not there has begun")
	}
}
