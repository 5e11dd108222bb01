package api_test

import (
	"net/http"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/web/api"
)

// dataModel stores what devices of a maker told.
func (h *house) dataModel(manufacturer, version string) {
	h.t.Helper()
	_, err := h.store.DataModels().PutDataModel(h.t.Context(), provisioners.DataModel{
		Key: device.ModelKey{Manufacturer: manufacturer, ProductClass: "A1", SoftwareVersion: version}, Root: "Device.", UpdatedAt: h.clock.Now(), Pack: "acme",
		Asked: []string{"Time."}, Names: []provisioners.ParameterName{{Path: "Time."}, {Path: "Time.LocalTimeZone", Writable: true}},
		Unmapped: []provisioners.Unmapped{{Setting: "account.N.transport", Reason: "the device has no such parameter"}},
	})
	check(h.t, err)
}

func TestDataModelsAreListedByPageAndAskedAgain(t *testing.T) {
	h := newHouse(t)
	h.dataModel("Acme / Söhne", "2.0")
	h.dataModel("Acme", "1.0")
	h.dataModel("Acme", "1.1")
	const path = "/api/v1/dataModels"
	first := as[api.Page[api.DataModel]](h.do(http.MethodGet, path+"?pageSize=2", h.viewer, "").want(http.StatusOK))
	if len(first.Items) != 2 || first.NextPageToken == "" || first.Items[0].SoftwareVersion != "1.0" || len(first.Items[0].Unmapped) != 1 || first.Items[0].Pack != "acme" {
		t.Fatalf("the first page is %+v", first)
	}
	second := as[api.Page[api.DataModel]](h.do(http.MethodGet, path+"?pageSize=2&pageToken="+first.NextPageToken, h.viewer, "").want(http.StatusOK))
	if len(second.Items) != 1 || second.NextPageToken != "" || second.Items[0].Manufacturer != "Acme / Söhne" {
		t.Fatalf("the second page is %+v", second)
	}
	h.do(http.MethodGet, path+"?pageToken=nonsense", h.viewer, "").invalid("query.pageToken")
	id := second.Items[0].ID
	detail := as[api.DataModelDetail](h.do(http.MethodGet, path+"/"+id, h.viewer, "").want(http.StatusOK))
	if detail.ID != id || len(detail.Names) != 2 || detail.Names[1] != (api.DataModelName{Path: "Time.LocalTimeZone", Writable: true}) {
		t.Errorf("the data model is %+v", detail)
	}
	h.do(http.MethodDelete, path+"/"+id, h.viewer, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodDelete, path+"/"+id, h.operator, "").want(http.StatusNoContent)
	if entry := h.newest(); entry.Action != "deleteDataModel" || entry.Target != "dataModel/Acme / Söhne A1" {
		t.Errorf("the entry is %+v", entry)
	}
	for _, unknown := range []string{id, "nonsense", "%3F"} {
		h.do(http.MethodDelete, path+"/"+unknown, h.operator, "").problem(http.StatusNotFound, "not-found")
		h.do(http.MethodGet, path+"/"+unknown, h.viewer, "").problem(http.StatusNotFound, "not-found")
	}
	if left := as[api.Page[api.DataModel]](h.do(http.MethodGet, path, h.viewer, "")); len(left.Items) != 2 {
		t.Errorf("%d are left", len(left.Items))
	}
	h.do(http.MethodGet, path, h.south, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodGet, path+"/"+first.Items[0].ID, h.south, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodDelete, path+"/"+first.Items[0].ID, h.south, "").problem(http.StatusForbidden, "forbidden")
}
