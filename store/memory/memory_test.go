package memory_test

import (
	"testing"

	"tanyanetral/store"
	"tanyanetral/store/memory"
	"tanyanetral/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.People(t, func(*testing.T) store.People { return &memory.Store{} })
}
