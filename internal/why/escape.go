package why

// escape is the compiler's reason for something to be on the heap.
type escape struct{ what, because string }

func (e *escape) String() string { return e.what + ": " + e.because }
