package store

import "time"

// AuditKept is how long the audit is kept.
const AuditKept = 2 * 365 * 24 * time.Hour

// AuditEntry is something that an administrator did.
type AuditEntry struct {
	At     time.Time `json:"at,omitzero"`
	By     string    `json:"by"`               // the administrator's id, or "terminal" for whoever has the machine
	Action string    `json:"action"`           // short name of what was done: "reload", "broadcast"
	Detail string    `json:"detail,omitempty"` // no question and no name
}

// Audit remembers what administrators did.
type Audit interface {
	// WriteAudit adds an entry.
	WriteAudit(e AuditEntry) error

	// LastAudit returns up to n entries, the newest first; of those of one moment
	// the one that was written last.
	LastAudit(n int) ([]AuditEntry, error)
}
