package advise

// sizeClasses are those of Go 1.26: SizeClassToSize in
// internal/runtime/gc/sizeclasses.go. A test holds them against the running runtime.
var sizeClasses = []int64{
	8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480, 512,
	576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144,
	6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264,
	28672, 32768,
}

// page is what larger objects are rounded up to.
const page = 8 << 10

// class is the memory that an object of so many bytes takes.
func class(size int64) int64 {
	if size <= 0 {
		return 0
	}
	for _, c := range sizeClasses {
		if size <= c {
			return c
		}
	}
	return (size + page - 1) / page * page
}
