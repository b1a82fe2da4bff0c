package retain

// Target is an object in question.
type Target struct {
	Addr uint64 // in it
	// Objects and Bytes are what it stands for, where it was sampled.
	Objects float64
	Bytes   float64
}
