package mongo

import (
	"context"
	"errors"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

const modelsCollection = "models"

// Models returns what was learnt of models.
func (s *Store) Models() device.ModelStore { return models{s} }

type models struct{ *Store }

func (s models) collection() *driver.Collection { return s.database.Collection(modelsCollection) }

// modelDocument is what is known of a model, in the collection models.
type modelDocument struct {
	// ID is modelID of the three fields that follow.
	ID                 string    `bson:"_id"`
	Manufacturer       string    `bson:"manufacturer"`
	ProductClass       string    `bson:"productClass"`
	SoftwareVersion    string    `bson:"softwareVersion"`
	GetParameterValues int       `bson:"getParameterValues,omitempty"`
	LevelByLevel       bool      `bson:"levelByLevel,omitempty"`
	SetParameterValues int       `bson:"setParameterValues,omitempty"`
	Methods            []string  `bson:"methods,omitempty"`
	MethodsAt          time.Time `bson:"methodsAt,omitempty"`
	Lacks              []string  `bson:"lacks,omitempty"`
}

func modelID(key device.ModelKey) string {
	return joinedKey(key.Manufacturer, key.ProductClass, key.SoftwareVersion)
}

func documentOfModel(key device.ModelKey, limits device.ModelLimits) modelDocument {
	return modelDocument{
		ID: modelID(key), Manufacturer: key.Manufacturer, ProductClass: key.ProductClass, SoftwareVersion: key.SoftwareVersion,
		GetParameterValues: limits.GetParameterValues, LevelByLevel: limits.LevelByLevel, SetParameterValues: limits.SetParameterValues,
		Methods: limits.Methods, MethodsAt: whole(limits.MethodsAt), Lacks: limits.Lacks,
	}
}

func (d *modelDocument) model() store.Model {
	return store.Model{
		Key: device.ModelKey{Manufacturer: d.Manufacturer, ProductClass: d.ProductClass, SoftwareVersion: d.SoftwareVersion},
		Limits: device.ModelLimits{
			GetParameterValues: d.GetParameterValues, LevelByLevel: d.LevelByLevel, SetParameterValues: d.SetParameterValues,
			Methods: d.Methods, MethodsAt: d.MethodsAt, Lacks: d.Lacks,
		},
	}
}

func (s models) ModelLimits(ctx context.Context, key device.ModelKey) (limits device.ModelLimits, err error) {
	err = s.do(ctx, "getModelLimits", func(ctx context.Context) error {
		d, err := findOne[modelDocument](ctx, s.collection(), byID(modelID(key)), device.ErrNotFound)
		if errors.Is(err, device.ErrNotFound) {
			return nil // Nothing is known of the model.
		}
		limits = d.model().Limits
		return err
	})
	return limits, err
}

func (s models) PutModelLimits(ctx context.Context, key device.ModelKey, limits device.ModelLimits) error {
	return s.do(ctx, "putModelLimits", func(ctx context.Context) error {
		d := documentOfModel(key, limits)
		return put(ctx, s.collection(), d.ID, d)
	})
}
