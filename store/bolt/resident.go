package bolt

// lookupsKept is after how many lookups the pages that were read are let go. Each
// may bring 64 kB of the file into the memory of the process, so that before long
// all of it were there, however large it is.
const lookupsKept = 512

// letGo lets pages go after enough lookups. The transaction must be open: it keeps
// the file from being mapped elsewhere meanwhile.
func (s *Store) letGo(t *tx) {
	if t.bolt.Size() > small && s.lookups.Add(t.lookups) > lookupsKept {
		s.lookups.Store(0)
		dontNeed(s.db.Info().Data, t.bolt.Size())
	}
}
