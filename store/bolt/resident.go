package bolt

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
