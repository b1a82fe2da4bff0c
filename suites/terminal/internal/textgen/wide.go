package textgen

import "strings"

// Words of scripts that need two columns a character, of scripts that combine
// characters, and emoji from the simple to the joined. Each word is written as
// its number of columns says in a terminal that follows Unicode.
var (
	cjk = []string{
		"世界", "終端", "記憶體", "日本語", "こんにちは", "カタカナ", "漢字", "東京都", "测试", "内存",
		"高水位", "한국어", "터미널", "메모리", "서울", "中文输入", "全角ＡＢＣ", "数据库", "接続", "再試行",
	}
	combining = []string{
		"e\u0301te\u0301", "nin\u0303o", "Zu\u0308rich", "a\u030angstro\u0308m", "s\u030cc\u030c",
		"o\u0302\u0323", "re\u0301sume\u0301", "cafe\u0301",
	}
	emoji = []string{"🚀", "🔥", "✅", "📦", "🧪", "🐛", "🎉", "💾"}
	plain = []string{"ok", "retry", "peak=319KB", "session", "[warn]", "->", "id:42"}
)

// WideLine returns a line of at most cols columns, without its end.
func (g *Generator) WideLine(cols int) string {
	var b strings.Builder
	used := 0
	for {
		var word string
		width := 0
		switch g.r.IntN(8) {
		case 0:
			word = pick(g, plain)
			width = len(word)
		case 1:
			word = pick(g, combining)
			width = len([]rune(word)) // more than it takes: marks take none
		case 2:
			word, width = pick(g, emoji), 2
		default:
			word = pick(g, cjk)
			width = 2 * len([]rune(word))
		}
		if used+width+1 > cols {
			return strings.TrimRight(b.String(), " ")
		}
		b.WriteString(word + " ")
		used += width + 1
	}
}

// WideLog returns n lines, with CR LF, whose lengths vary up to cols columns, so
// that none wraps: neither in a terminal that gives wide characters two columns
// nor in one that gives every rune a column.
func (g *Generator) WideLog(n, cols int) []byte {
	var p []byte
	for range n {
		p = append(p, g.WideLine(cols/2+g.r.IntN(cols/2))+"\r\n"...)
	}
	return p
}
