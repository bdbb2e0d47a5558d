package bot

// Mask is mask, for tests: through a whole turn a fuzzer would see too little of it.
func Mask(question string) string { return mask(question) }
