package match

import "math"

// sparse is a matrix of which only what is not zero is kept. Columns are
// written as gaps, which are small however many columns there are. Read-only
// once made.
type sparse struct {
	starts []int32  // where the rows begin in gaps and values, and where the last one ends
	gaps   []uint16 // from the column before, at the beginning of a row from column 0
	values []float32
}

// maxGap is the widest gap. A wider one is bridged by zeros that are kept.
const maxGap = math.MaxUint16

// newSparse makes a matrix of what entries adds each time that it is called.
// The entries of a row come in order of their columns.
func newSparse(rows int, entries func(add func(row, column int32, value float32))) *sparse {
	m := &sparse{starts: make([]int32, rows+1)}
	columns := make([]int32, rows) // of the last entry of each row
	entries(func(row, column int32, _ float32) {
		m.starts[row+1] += 1 + (column-columns[row])/maxGap
		columns[row] = column
	})
	for row := range rows {
		m.starts[row+1] += m.starts[row]
	}
	total := m.starts[rows]
	m.gaps, m.values = make([]uint16, total), make([]float32, total)
	clear(columns)
	ends := append([]int32(nil), m.starts...)
	entries(func(row, column int32, value float32) {
		gap := column - columns[row]
		for ; gap >= maxGap; gap -= maxGap {
			m.gaps[ends[row]] = maxGap
			ends[row]++
		}
		m.gaps[ends[row]], m.values[ends[row]] = uint16(gap), value
		ends[row]++
		columns[row] = column
	})
	return m
}

// addRow adds the values of a row times scale to the columns of a vector.
// Most of a question's time is spent here.
func (m *sparse) addRow(row int32, scale float32, into []float32) {
	start, end := m.starts[row], m.starts[row+1]
	gaps := m.gaps[start:end]
	values := m.values[start:end][:len(gaps)]
	column := 0
	for i, gap := range gaps {
		column += int(gap)
		into[column] += values[i] * scale
	}
}

// appendRow appends what is not zero in a row, in order of columns.
func (m *sparse) appendRow(into []indexed, row int) []indexed {
	column := int32(0)
	for i := m.starts[row]; i < m.starts[row+1]; i++ {
		column += int32(m.gaps[i])
		if value := m.values[i]; value != 0 {
			into = append(into, indexed{column, value})
		}
	}
	return into
}

// columnCounts counts what is not zero in each column.
func (m *sparse) columnCounts(columns int) []int32 {
	counts := make([]int32, columns)
	var row []indexed
	for i := range len(m.starts) - 1 {
		row = m.appendRow(row[:0], i)
		for _, entry := range row {
			counts[entry.index]++
		}
	}
	return counts
}
