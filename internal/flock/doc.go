// Package flock takes locks on files, by which processes keep out of each other's way.
//
// A lock goes with its process, however that ends, so that none is ever left behind.
package flock
