package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// migration is one step from a version of the data to the next. Steps are only
// ever added to. Each may be run again, by several nodes at once: a crash leaves
// it half done, and whoever starts next does it once more.
type migration struct {
	name string
	run  func(ctx context.Context, s *Store) error
}

func migrations() []migration {
	return []migration{
		{"initial", func(context.Context, *Store) error { return nil }},
		{"keys of subjects", giveSubjectKeys},
		{"copies of what tasks repeat", foldRetries},
		{"numbers of audit entries", func(ctx context.Context, s *Store) error { return s.moveFormerAudit(ctx) }},
		{"credentials in order of time", dropCredentialIndex},
		{"states of provisioning", addProvisioning},
		{"what sessions make of settings", refuseFormerServers},
	}
}

// schema is the document that says which version the data has.
type schema struct {
	Version int `bson:"version"`
}

const schemaID = "schema"

// storedSchema returns the version that the data has, 0 for an empty database. It
// returns ErrNewer if the data is ahead of the program.
func (s *Store) storedSchema(ctx context.Context) (schema, error) {
	stored, err := findOne[schema](ctx, s.database.Collection(metaCollection), byID(schemaID), nil)
	if err != nil {
		return schema{}, fmt.Errorf("read version of the data: %w", err)
	}
	known := len(migrations())
	if stored.Version > known {
		return schema{}, fmt.Errorf("%w: it has version %d, this program knows up to %d", ErrNewer, stored.Version, known)
	}
	return stored, nil
}

// migrate brings the data to the version of the program. It returns ErrNewer if
// the data is ahead of it.
func (s *Store) migrate(ctx context.Context) error {
	meta, all := s.database.Collection(metaCollection), migrations()
	stored, err := s.storedSchema(ctx)
	if err != nil {
		return err
	}
	for stored.Version < len(all) {
		step := all[stored.Version]
		if err := step.run(ctx, s); err != nil {
			return fmt.Errorf("migration %d (%s): %w", stored.Version+1, step.name, err)
		}
		stored.Version++
		// Only ever forward: another node may be a step ahead.
		_, err := meta.UpdateOne(ctx, byID(schemaID),
			bson.D{{Key: "$max", Value: bson.D{{Key: "version", Value: stored.Version}}}}, options.UpdateOne().SetUpsert(true))
		if err != nil && !driver.IsDuplicateKeyError(err) {
			return fmt.Errorf("note version %d of the data: %w", stored.Version, err)
		}
	}
	return nil
}
