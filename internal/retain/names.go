package retain

// Type is a type that [Names] knows; 0 is one that is not known.
type Type int32

// Value is an object, or a root, as [Names] sees it.
type Value struct {
	Root   *Root // nil for an object
	Addr   uint64
	Size   int64 // in bytes, for an object: of its place in the heap, without a header
	Memory []byte
	Header []byte // what of the object's place is before the value
	Type   Type   // as the link to it had it
}

// Link is how a reference is told.
type Link struct {
	// Field is where the reference is: ".history", "[]"; "" where that is not known, or
	// says nothing.
	Field string
	// Via is the type of the reference as the program declares it: "[]Line".
	Via string
	// To is the type of the object that it leads to.
	To Type
	// Inside says that the object is a part of what Via is of, such as a table of a map,
	// and of no interest by itself.
	Inside bool
}

// Names gives names to references. They are asked for along paths only.
type Names interface {
	// Link tells of the reference at an offset of one value to an offset of another.
	Link(from Value, offset int64, to Value, at int64) Link
}

// unnamed knows nothing.
type unnamed struct{}

func (unnamed) Link(Value, int64, Value, int64) Link { return Link{} }

// valueOf is a node as Names sees it.
func (g *Graph) valueOf(node int32, of Type) Value {
	if i := int(node) - (g.objects() - len(g.roots)); i < len(g.roots) {
		r := &g.roots[i]
		return Value{Root: r, Addr: r.Start, Memory: r.Memory, Type: of}
	}
	s, i := g.heap.object(g.slots[int(node)-g.objects()])
	v := Value{Size: s.Size - s.Header, Type: of}
	v.Addr, v.Memory = g.value(node)
	if s.Memory != nil {
		v.Header = s.Memory[int64(i)*s.Size:][:s.Header]
	}
	return v
}
