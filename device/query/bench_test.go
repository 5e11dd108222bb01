package query_test

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
)

const benchFilter = `model = "T4*" OR model = "T5*" tags:vip -online lastInform < "-24h" yealink`

func BenchmarkParse(b *testing.B) {
	schema := querytest.Schema()
	for b.Loop() {
		if _, err := query.Parse(schema, benchFilter, query.WithNow(querytest.Now())); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	e := mustParse(`model = "T4*" OR model = "T5*" tags:vip online yealink`)
	record := querytest.Values{
		"manufacturer": query.TextValue("Yealink"), "model": query.TextValue("T58W"), "tags": query.ListValue("floor-2", "VIP"),
		"online": query.BoolValue(true),
	}
	for b.Loop() {
		if !query.Match(e, record.Get) {
			b.Fatal("does not match")
		}
	}
}
