package bolt

import "fmt"

// Stats is what can be told of the file at no cost.
type Stats struct {
	Path string
	Size int64 // bytes
	Free int64 // bytes of it in pages that are free for new records
}

// Stats tells about the file.
func (s *Store) Stats() (Stats, error) {
	info, err := s.file.Stat()
	if err != nil {
		return Stats{}, fmt.Errorf("look at state %s: %w", s.path, err)
	}
	pages := s.db.Stats()
	return Stats{Path: s.path, Size: info.Size(), Free: int64(pages.FreePageN+pages.PendingPageN) * s.pageSize}, nil
}
