package mongo

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// answersInTurn answers reads of a collection with what is next. A string lists
// the keys of a batch after which there is more, a slice that of the last batch,
// an error breaks the read off.
type answersInTurn []any

func (a *answersInTurn) next(command string) bson.D {
	if command != "find" && command != "getMore" {
		return bson.D{{Key: "ok", Value: 1}}
	}
	answer := (*a)[0]
	*a = (*a)[1:]
	batch := func(id int64, keys []string) bson.D {
		documents := bson.A{}
		for _, key := range keys {
			documents = append(documents, bson.D{{Key: idField, Value: key}})
		}
		name := "firstBatch"
		if command == "getMore" {
			name = "nextBatch"
		}
		return bson.D{{Key: "cursor", Value: bson.D{{Key: "id", Value: id}, {Key: "ns", Value: "d.c"}, {Key: name, Value: documents}}}, {Key: "ok", Value: 1}}
	}
	switch answer := answer.(type) {
	case string:
		return batch(7, strings.Fields(answer))
	case []string:
		return batch(0, answer)
	default:
		return bson.D{{Key: "ok", Value: 0}, {Key: "code", Value: 43}, {Key: "codeName", Value: "CursorNotFound"}, {Key: "errmsg", Value: "cursor id 7 not found"}}
	}
}

func TestAWalkGoesOnWhereAReadBrokeOff(t *testing.T) {
	broken, stop := errors.New("broken"), errors.New("stop")
	for name, test := range map[string]struct {
		answers answersInTurn
		want    string
		fails   string
	}{
		"nothing is there":                        {answersInTurn{[]string{}}, "", ""},
		"batches come to an end":                  {answersInTurn{"a b", "c", []string{"d"}}, "a b c d", ""},
		"a read that broke off is begun again":    {answersInTurn{"a b", broken, "c", broken, []string{"d"}}, "a b c d", ""},
		"one that breaks off at once is an error": {answersInTurn{broken}, "", "cursor id 7 not found"},
		"so is one that comes no further":         {answersInTurn{"a b", broken, broken}, "a b", "cursor id 7 not found"},
		"an error of who takes them ends it":      {answersInTurn{"a stop", broken, "never"}, "a", stop.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeServer(t, nil, test.answers.next)
			s, err := connect(Options{URI: "mongodb://" + f.address + "/d"}.withDefaults())
			must(t, err)
			defer s.Close()
			var keys []string
			err = s.walk(t.Context(), "c", 2, func(raw bson.Raw) error {
				key := raw.Lookup(idField).StringValue()
				if key == "stop" {
					return stop
				}
				keys = append(keys, key)
				return nil
			})
			if got := strings.Join(keys, " "); got != test.want {
				t.Errorf("it saw %q, want %q", got, test.want)
			}
			if (err == nil) != (test.fails == "") || !strings.Contains(fmt.Sprint(err), test.fails) {
				t.Errorf("error is %v, want %q", err, test.fails)
			}
		})
	}
}
