package bot

import (
	"cmp"

	"tanyanetral/store"
)

// AudienceName is an audience in words: "semua pelanggan", "pelanggan PNS, zona WITA".
func AudienceName(a store.Audience) string { return audienceName(a) }

// StateName is what a state of a delivery is called.
func StateName(s store.DeliveryState) string { return stateNames[s] }

// ActionName is what an action of the audit is called.
func ActionName(action string) string { return cmp.Or(auditNames[action], action) }
