package dashboard

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"strings"
	"sync"
)

//go:embed web/page.css
var style string

//go:embed web/*.js
var scripts embed.FS

// parts are the files of the script, in the order in which they need each other.
var parts = []string{"dom", "words", "data", "chart", "spark", "flame", "shares", "list", "heat", "engines", "about", "trend", "measured", "advice", "detail", "filter", "keys", "theme", "live", "main"}

// script is all of it, in a scope of its own. Putting the files behind each other is all
// the bundling that it needs.
var script = sync.OnceValue(func() string {
	var b strings.Builder
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, p := range parts {
		text, err := scripts.ReadFile("web/" + p + ".js")
		if err != nil {
			panic("dashboard: " + err.Error()) // it is embedded
		}
		b.Write(text)
	}
	b.WriteString("})();\n")
	return b.String()
})

// Policy is the content security policy of the page: its own style and script, by their
// hashes, and nothing else from anywhere. A page that is live may ask its own server.
func Policy(live bool) string {
	policy := "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script()) + "; img-src data:; base-uri 'none'; form-action 'none'"
	if live {
		policy += "; connect-src 'self'"
	}
	return policy
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
