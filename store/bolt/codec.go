package bolt

import (
	"encoding/binary"
	"fmt"
	"time"

	"tanyanetral/store"
)

func encodeKey(key store.Key) []byte {
	b := make([]byte, 0, 2+len(key.Channel)+len(key.ID))
	b = binary.BigEndian.AppendUint16(b, uint16(len(key.Channel))) // bbolt keeps no key of half that length
	b = append(b, key.Channel...)
	return append(b, key.ID...)
}

func decodeKey(b []byte) (store.Key, error) {
	if len(b) < 2 {
		return store.Key{}, fmt.Errorf("%w: key %x", ErrDamaged, b)
	}
	n, rest := int(binary.BigEndian.Uint16(b)), b[2:]
	if n > len(rest) {
		return store.Key{}, fmt.Errorf("%w: key %x", ErrDamaged, b)
	}
	return store.Key{Channel: string(rest[:n]), ID: string(rest[n:])}, nil
}

const (
	timeSize = 12
	signBit  = 1 << 63
)

func appendTime(b []byte, t time.Time) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix())^signBit)
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
}

// cutTime reads a time and returns what follows it.
func cutTime(b []byte) (time.Time, []byte, error) {
	if len(b) < timeSize {
		return time.Time{}, nil, fmt.Errorf("%w: time %x", ErrDamaged, b)
	}
	seconds := int64(binary.BigEndian.Uint64(b) ^ signBit)
	return time.Unix(seconds, int64(binary.BigEndian.Uint32(b[8:]))).UTC(), b[timeSize:], nil
}

func dayOf(t time.Time) []byte { return t.UTC().AppendFormat(nil, time.DateOnly) }
