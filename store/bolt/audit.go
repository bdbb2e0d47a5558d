package bolt

import (
	"encoding/binary"
	"encoding/json"
	"time"

	"tanyanetral/store"
)

// WriteAudit implements store.Audit.
func (t *tx) WriteAudit(e store.AuditEntry) error {
	return t.write("write audit", func() error {
		audit := t.bucket(auditBucket)
		audit.FillPercent = filled
		number, err := audit.NextSequence()
		if err != nil {
			return err
		}
		key := binary.BigEndian.AppendUint64(appendTime(nil, e.At), number)
		e.At = time.Time{}
		b, err := json.Marshal(e)
		if err != nil {
			return err
		}
		return t.put(audit, key, b)
	})
}

// LastAudit implements store.Audit.
func (t *tx) LastAudit(n int) (entries []store.AuditEntry, err error) {
	err = t.read("read audit", func() error {
		c := t.bucket(auditBucket).Cursor()
		for k, v := c.Last(); k != nil && len(entries) < n; k, v = c.Prev() {
			at, _, err := cutTime(k)
			if err != nil {
				return err
			}
			var e store.AuditEntry
			if err := decode(v, &e); err != nil {
				return err
			}
			e.At = at
			entries = append(entries, e)
		}
		return nil
	})
	return entries, err
}
