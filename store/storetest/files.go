package storetest

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
)

func listFiles(t interface {
	Helper()
	Fatal(...any)
}, list func(files.List) (files.Page, error), l files.List) []string {
	t.Helper()
	var names []string
	for {
		page, err := list(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.Files {
			names = append(names, f.Name)
		}
		if page.NextPageToken == "" {
			return names
		}
		l.PageToken = page.NextPageToken
	}
}

func fileTests() []test {
	storedFile := func(name string) files.File {
		f := fullFile(name)
		f.CreatedAt = stored(f.CreatedAt)
		return f
	}
	return []test{
		{"a file comes back, and its name is taken", func(t *testing.T, s store.Store) {
			checkFull(t, fullFile("a.bin"))
			must(t, s.Files().PutFile(t.Context(), fullFile("a.bin")))
			other := fullFile("a.bin")
			other.Version = "13"
			fails(t, s.Files().PutFile(t.Context(), other), files.ErrExists)
			same(t, "file", got[files.File](t)(s.Files().File(t.Context(), "a.bin")), storedFile("a.bin"))
			must(t, s.Files().PutFile(t.Context(), fullFile("A.bin")))
		}},
		{"a file is deleted once", func(t *testing.T, s store.Store) {
			must(t, s.Files().PutFile(t.Context(), fullFile("a.bin")))
			same(t, "file", got[files.File](t)(s.Files().DeleteFile(t.Context(), "a.bin")), storedFile("a.bin"))
			_, err := s.Files().DeleteFile(t.Context(), "a.bin")
			fails(t, err, files.ErrNotFound)
			_, err = s.Files().File(t.Context(), "a.bin")
			fails(t, err, files.ErrNotFound)
		}},
		{"files come in order of name, in pages, with their total", func(t *testing.T, s store.Store) {
			for _, name := range []string{"b", "a", "C", "é"} {
				must(t, s.Files().PutFile(t.Context(), fullFile(name)))
			}
			list := func(l files.List) (files.Page, error) { return s.Files().ListFiles(t.Context(), l) }
			for _, size := range []int{1, 3, 10} {
				same(t, "names", listFiles(t, list, files.List{PageSize: size}), []string{"C", "a", "b", "é"})
			}
			page := got[files.Page](t)(list(files.List{PageSize: 1, Count: true, Filter: filter(t, files.Schema(), "name > a")}))
			same(t, "total", page.Total, 3)
		}},
		{"a damaged token and a page size out of bounds are refused", func(t *testing.T, s store.Store) {
			for _, l := range []files.List{{PageSize: 1, PageToken: "%"}, {PageSize: 0}, {PageSize: 1001}} {
				_, err := s.Files().ListFiles(t.Context(), l)
				fails(t, err, files.ErrInvalid)
			}
		}},
		{"any filter lists the files that query.Match takes", fileFilters},
	}
}

func fileFilters(t *testing.T, s store.Store) {
	var all []files.File
	for i := range 30 {
		f := rapid.Custom(drawFile).Example(i)
		f.Name = fmt.Sprintf("%s%02d", f.Name, i)
		must(t, s.Files().PutFile(t.Context(), f))
		all = append(all, f)
	}
	list := func(l files.List) (files.Page, error) { return s.Files().ListFiles(t.Context(), l) }
	rapid.Check(t, func(rt *rapid.T) {
		e := querytest.Expression(files.Schema()).Draw(rt, "filter")
		var want []string
		for i := range all {
			if query.Match(e, all[i].Field) {
				want = append(want, all[i].Name)
			}
		}
		slices.Sort(want)
		if names := listFiles(rt, list, files.List{PageSize: 7, Filter: e}); !slices.Equal(names, want) {
			rt.Fatalf("%s\nlists %q\nwant  %q", query.Format(e), names, want)
		}
	})
}

func drawFile(t *rapid.T) files.File {
	fields := querytest.Record(files.Schema()).Draw(t, "fields")
	return files.File{
		Name: fields["name"].Text, Type: fields["type"].Text, OUI: fields["oui"].Text, ProductClass: fields["productClass"].Text,
		Version: fields["version"].Text, SHA256: fields["sha256"].Text, Size: fields["size"].Int, CreatedAt: fields["createdAt"].Time,
		Device: device.ID(fields["device"].Text),
	}
}
