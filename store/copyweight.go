package store

import "github.com/dialtone-acs/dialtone/provisioners"

// convergenceWeight estimates how many bytes of memory the lists of a convergence take.
func convergenceWeight(c *provisioners.Convergence) int {
	total := textWeight(c.Owned) + textWeight(c.Restore) + unmappedWeight(c.Unmapped)
	for i := range c.Confirmed {
		total += 2*textBytes + len(c.Confirmed[i].Path) + len(c.Confirmed[i].Hash)
	}
	for i := range c.Differences {
		d := &c.Differences[i]
		total += 2*entryBytes + len(d.Path) + len(d.Setting) + len(d.Reason) + len(d.Hash)
		for _, value := range []*string{d.Wanted, d.Has, d.Adopt} {
			if value != nil {
				total += len(*value)
			}
		}
	}
	return total
}

// dataModelWeight estimates how many bytes of memory the lists of a data model take.
func dataModelWeight(m *provisioners.DataModel) int {
	total := textWeight(m.NoNotification) + unmappedWeight(m.Unmapped)
	for i := range m.Names {
		total += textBytes + len(m.Names[i].Path)
	}
	return total
}

// textBytes stands for all of a text but what it says.
const textBytes = 16

func textWeight(all []string) int {
	total := 0
	for _, text := range all {
		total += textBytes + len(text)
	}
	return total
}

func unmappedWeight(all []provisioners.Unmapped) int {
	total := 0
	for i := range all {
		total += 2*textBytes + len(all[i].Setting) + len(all[i].Reason)
	}
	return total
}
