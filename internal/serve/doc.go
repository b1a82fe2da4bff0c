// Package serve shows one page to a browser, and to nobody else: on this machine alone, or
// to whoever has a token. In flows a function that makes the page, out go answers to HTTP.
//
// A request must be meant for this server: its Host header names the loopback interface or
// what the server was told to listen on, so that no other site can lead a browser here
// under a name of its own (DNS rebinding). The page is all that there is: nothing can be
// changed through it, and no file is served.
package serve
