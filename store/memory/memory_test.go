package memory_test

import (
	"testing"

	"tanyanetral/store"
	"tanyanetral/store/memory"
	"tanyanetral/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Store(t, func(*testing.T) store.Store { return &memory.Store{} })
}
