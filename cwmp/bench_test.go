package cwmp

import "testing"

func benchmarkDecode(b *testing.B, e *Envelope, read func([]byte) error) {
	body := mustEncode(b, e)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := read(body); err != nil {
			b.Fatal(err)
		}
	}
}

func withDecode(body []byte) error {
	_, err := Decode(body, DefaultLimits())
	return err
}

// withTree is Decode as it is for documents that the stream reader leaves alone.
func withTree(body []byte) error {
	text, err := prepare(body, "")
	if err != nil {
		return err
	}
	document, err := readTree(text, DefaultLimits())
	if err != nil {
		return err
	}
	_, err = document.envelope()
	return err
}

func envelopeOf(m Message) *Envelope {
	return &Envelope{ID: "17", HasID: true, Namespace: NamespaceV1_0, Message: m}
}

func BenchmarkDecodeInform(b *testing.B) { benchmarkDecode(b, envelopeOf(sampleInform()), withDecode) }
func BenchmarkDecodeInformTree(b *testing.B) {
	benchmarkDecode(b, envelopeOf(sampleInform()), withTree)
}

func BenchmarkDecodeGetParameterValuesResponse2000(b *testing.B) {
	benchmarkDecode(b, envelopeOf(largeResponse(2000)), withDecode)
}

func BenchmarkDecodeGetParameterValuesResponse2000Tree(b *testing.B) {
	benchmarkDecode(b, envelopeOf(largeResponse(2000)), withTree)
}

func benchmarkEncode(b *testing.B, e *Envelope) {
	b.SetBytes(int64(len(mustEncode(b, e))))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Encode(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeInform(b *testing.B) { benchmarkEncode(b, envelopeOf(sampleInform())) }

func BenchmarkEncodeInformResponse(b *testing.B) {
	benchmarkEncode(b, envelopeOf(&InformResponse{MaxEnvelopes: 1}))
}

func BenchmarkEncodeGetParameterValuesResponse2000(b *testing.B) {
	benchmarkEncode(b, envelopeOf(largeResponse(2000)))
}
