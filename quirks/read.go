package quirks

import (
	"log/slog"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Reader returns the function that makes a Set of documents, for a declared.Watch. A
// document that cannot be read is logged and left out: it was written by another
// version of the program.
func Reader(builtIn []Profile, logger *slog.Logger) func([]declared.Document) (*Set, error) {
	return func(documents []declared.Document) (*Set, error) {
		var own []Profile
		for _, d := range documents {
			p, err := ParseProfile(d.ID, d.Body)
			if err != nil {
				logger.Error("quirk profile cannot be read and is left out", logkeys.Name, d.ID, logkeys.Error, err)
				continue
			}
			own = append(own, p)
		}
		return NewSet(builtIn, own), nil
	}
}
