package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func (a *API) registerDataModels() {
	register(a, operation{
		id: "listDataModels", method: http.MethodGet, path: "/dataModels", tag: settingsTag, summary: "List the data models that devices told, with the settings that they cannot take",
		description: "One for each manufacturer, product class, firmware and root, as the first such device told. Not for those who are limited to a group.",
	}, a.listDataModels)
	register(a, operation{
		id: "getDataModel", method: http.MethodGet, path: "/dataModels/{id}", tag: settingsTag, summary: "Get a data model with its names",
		description: "Not for those who are limited to a group.",
		problems:    []problemKind{kindNotFound},
	}, a.getDataModel)
	register(a, operation{
		id: "deleteDataModel", method: http.MethodDelete, path: "/dataModels/{id}", tag: settingsTag, summary: "Forget a data model, so that the next such device is asked again",
		description: "Not for those who are limited to a group.",
		status:      http.StatusNoContent, problems: []problemKind{kindNotFound},
	}, a.deleteDataModel)
}

// DataModel is what devices of one kind and firmware have for parameters.
type DataModel struct {
	ID              string            `json:"id" doc:"Opaque and stable."`
	Manufacturer    string            `json:"manufacturer"`
	ProductClass    string            `json:"productClass"`
	SoftwareVersion string            `json:"softwareVersion"`
	Root            string            `json:"root" doc:"Device. or InternetGatewayDevice."`
	Pack            string            `json:"pack" doc:"The vendor pack that serves such devices."`
	Asked           []string          `json:"asked" nullable:"false" doc:"The partial paths below the root of which the names were asked."`
	UpdatedAt       *time.Time        `json:"updatedAt"`
	Unmapped        []UnmappedSetting `json:"unmapped" nullable:"false" doc:"The settings that such a device was to have and that nothing carries to it."`
}

// DataModelDetail is a data model with its names.
type DataModelDetail struct {
	DataModel
	Names          []DataModelName `json:"names" nullable:"false" doc:"In order of path."`
	NoNotification []string        `json:"noNotification" nullable:"false" doc:"The paths that refuse active notification."`
}

// DataModelName is the name of a parameter, or of an object, which ends in a dot.
type DataModelName struct {
	Path     string `json:"path" doc:"Below the root, with {i} for every instance number."`
	Writable bool   `json:"writable" doc:"It may be set; of an object, instances may be added."`
}

// dataModelKey is what a data model is known by; ids and page tokens are made of it.
type dataModelKey struct {
	Manufacturer    string `json:"m,omitempty"`
	ProductClass    string `json:"p,omitempty"`
	SoftwareVersion string `json:"v,omitempty"`
	Root            string `json:"r,omitempty"`
}

func dataModelKeyOf(m *provisioners.DataModel) dataModelKey {
	return dataModelKey{m.Key.Manufacturer, m.Key.ProductClass, m.Key.SoftwareVersion, m.Root}
}

func (k dataModelKey) model() device.ModelKey {
	return device.ModelKey{Manufacturer: k.Manufacturer, ProductClass: k.ProductClass, SoftwareVersion: k.SoftwareVersion}
}

func showDataModel(m provisioners.DataModel) (DataModel, error) {
	id, err := encodeToken(dataModelKeyOf(&m))
	return DataModel{
		ID: id, Manufacturer: m.Key.Manufacturer, ProductClass: m.Key.ProductClass, SoftwareVersion: m.Key.SoftwareVersion, Root: m.Root, Pack: m.Pack,
		Asked: append([]string{}, m.Asked...), UpdatedAt: shownTime(m.UpdatedAt), Unmapped: showUnmapped(m.Unmapped),
	}, err
}

func (a *API) listDataModels(ctx context.Context, in *Paging) (*pageOutput[DataModel], error) {
	if err := wholeFleet(ctx, "data models"); err != nil {
		return nil, err
	}
	var at dataModelKey
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
	}
	found, err := a.Provisioning.DataModels.ListDataModels(ctx, provisioners.DataModel{Key: at.model(), Root: at.Root}, in.PageSize)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) == in.PageSize {
		if next, err = encodeToken(dataModelKeyOf(&found[len(found)-1])); err != nil {
			return nil, err
		}
	}
	return newPage(found, next, nil, showDataModel)
}

type dataModelPath struct {
	ID string `path:"id" maxLength:"4096" doc:"The id of the data model."`
}

// dataModelKey returns what an id stands for, and notes it for the audit log.
func (a *API) dataModelKey(ctx context.Context, id string) (key dataModelKey, err error) {
	if err := wholeFleet(ctx, "data models"); err != nil {
		return key, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || json.Unmarshal(raw, &key) != nil {
		note(ctx, "dataModel/"+id, "")
		return key, dataModelProblem(provisioners.ErrNotFound)
	}
	note(ctx, "dataModel/"+key.Manufacturer+" "+key.ProductClass, key.SoftwareVersion+" "+key.Root)
	return key, nil
}

func dataModelProblem(err error) error {
	if errors.Is(err, provisioners.ErrNotFound) {
		return kindNotFound.problem("there is no such data model")
	}
	return err
}

type dataModelOutput struct {
	Body DataModelDetail
}

func (a *API) getDataModel(ctx context.Context, in *dataModelPath) (*dataModelOutput, error) {
	key, err := a.dataModelKey(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	m, err := a.Provisioning.DataModels.DataModel(ctx, key.model(), key.Root)
	if err != nil {
		return nil, dataModelProblem(err)
	}
	shown, err := showDataModel(m)
	detail := DataModelDetail{DataModel: shown, Names: make([]DataModelName, 0, len(m.Names)), NoNotification: append([]string{}, m.NoNotification...)}
	for _, name := range m.Names {
		detail.Names = append(detail.Names, DataModelName{Path: name.Path, Writable: name.Writable})
	}
	return &dataModelOutput{Body: detail}, err
}

func (a *API) deleteDataModel(ctx context.Context, in *dataModelPath) (*nothing, error) {
	key, err := a.dataModelKey(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, dataModelProblem(a.Provisioning.DataModels.DeleteDataModel(ctx, key.model(), key.Root))
}
