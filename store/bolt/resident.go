package bolt

import (
	"sync"
	"time"
)

// Each page that is looked up brings 64 kB of the file into the memory of the
// process, so that before long all of it would be there, however large it is.
const (
	lookupsKept = 512 // after so many the pages that were read are let go
	lookupsOnce = 64  // as many count of one transaction: where very many write at once, speed matters more
)

// letGo lets pages go after enough lookups. The transaction must be open: it keeps
// the file from being mapped elsewhere meanwhile.
func (s *Store) letGo(t *tx) {
	if t.bolt.Size() > small && s.lookups.Add(min(t.lookups, lookupsOnce)) > lookupsKept {
		s.lookups.Store(0)
		dontNeed(s.db.Info().Data, t.bolt.Size())
	}
}

// letGoMeanwhile lets the pages of a file that nobody writes to go again and again,
// while all of it is read, until the function that it returns is called.
func (s *Store) letGoMeanwhile() (end func(), err error) {
	info, err := s.file.Stat()
	if err != nil {
		return nil, err
	}
	stop := make(chan struct{})
	var letting sync.WaitGroup
	letting.Go(func() {
		ticker := time.NewTicker(2 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				dontNeed(s.db.Info().Data, info.Size())
			case <-stop:
				return
			}
		}
	})
	return sync.OnceFunc(func() { close(stop); letting.Wait() }), nil
}
