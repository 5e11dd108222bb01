package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// issuer is an ACME server (RFC 8555): one account, one order at a time, and every
// signature and nonce is checked.
type issuer struct {
	t      *testing.T
	server *httptest.Server
	// CA is the file with the certificate of the server.
	CA string
	// challenge is the kind that it offers; prove looks whether it is met.
	challenge string
	prove     func(host, token, keyAuthorization string) error

	root *x509.Certificate
	key  *ecdsa.PrivateKey

	mu      sync.Mutex
	nonces  map[string]bool
	account *jose.JSONWebKey
	host    string
	token   string
	proved  string // The status of the authorization.
	chain   []byte
	issued  int
}

func newIssuer(t *testing.T, challenge string) *issuer {
	t.Helper()
	i := &issuer{t: t, challenge: challenge, nonces: make(map[string]bool), CA: filepath.Join(t.TempDir(), "issuer.pem")}
	var err error
	if i.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	i.root = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "issuer of the test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, i.root, i.root, i.key.Public(), i.key)
	if err != nil {
		t.Fatal(err)
	}
	if i.root, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /directory", i.directory)
	mux.HandleFunc("HEAD /nonce", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.newNonce(w)
	})
	for path, handle := range map[string]func(payload []byte) (status int, location string, answer any){
		"/account": i.newAccount, "/order": i.newOrder, "/orders/1": i.order, "/authorization": i.authorization, "/challenge": i.challenged, "/finalize": i.finalize,
	} {
		mux.HandleFunc("POST "+path, i.signed(handle))
	}
	mux.HandleFunc("POST /certificate", i.signed(func([]byte) (int, string, any) { return http.StatusOK, "", i.chain }))
	i.server = httptest.NewTLSServer(mux)
	t.Cleanup(i.server.Close)
	if err := os.WriteFile(i.CA, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return i
}

func (i *issuer) url(path string) string { return i.server.URL + path }

func (i *issuer) directory(w http.ResponseWriter, _ *http.Request) {
	_ = json.NewEncoder(w).Encode(map[string]any{
		"newNonce": i.url("/nonce"), "newAccount": i.url("/account"), "newOrder": i.url("/order"), "meta": map[string]string{"termsOfService": i.url("/terms")},
	})
}

// signed checks who asks, and answers.
func (i *issuer) signed(handle func(payload []byte) (int, string, any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.newNonce(w)
		payload, err := i.open(r)
		if err != nil {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusBadRequest)
			kind := "malformed"
			if err == errNonce {
				kind = "badNonce"
			}
			_ = json.NewEncoder(w).Encode(map[string]string{"type": "urn:ietf:params:acme:error:" + kind, "detail": err.Error()})
			return
		}
		status, location, answer := handle(payload)
		if location != "" {
			w.Header().Set("Location", i.url(location))
		}
		if chain, ok := answer.([]byte); ok {
			w.Header().Set("Content-Type", "application/pem-certificate-chain")
			_, _ = w.Write(chain)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(answer)
	}
}

func (i *issuer) newNonce(w http.ResponseWriter) {
	nonce := rand.Text()
	i.nonces[nonce] = true
	w.Header().Set("Replay-Nonce", nonce)
}

var errNonce = fmt.Errorf("the nonce is not ours")

func (i *issuer) open(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	signed, err := jose.ParseSigned(string(body), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, err
	}
	header := signed.Signatures[0].Protected
	if !i.nonces[header.Nonce] {
		return nil, errNonce
	}
	delete(i.nonces, header.Nonce)
	if header.ExtraHeaders["url"] != i.url(r.URL.Path) {
		return nil, fmt.Errorf("signed for %v", header.ExtraHeaders["url"])
	}
	key := header.JSONWebKey
	if r.URL.Path == "/account" {
		i.account = key
	} else if header.KeyID != i.url("/accounts/1") {
		return nil, fmt.Errorf("account %s is not known", header.KeyID)
	}
	return signed.Verify(i.account)
}

func (i *issuer) newAccount(payload []byte) (int, string, any) {
	var account struct {
		TermsOfServiceAgreed bool     `json:"termsOfServiceAgreed"`
		Contact              []string `json:"contact"`
	}
	if err := json.Unmarshal(payload, &account); err != nil || !account.TermsOfServiceAgreed || len(account.Contact) != 1 || account.Contact[0] != "mailto:noc@example.net" {
		i.t.Errorf("account %s", payload)
	}
	return http.StatusCreated, "/accounts/1", map[string]any{"status": "valid"}
}

func (i *issuer) newOrder(payload []byte) (int, string, any) {
	var order struct {
		Identifiers []struct{ Type, Value string } `json:"identifiers"`
	}
	if err := json.Unmarshal(payload, &order); err != nil || len(order.Identifiers) != 1 {
		i.t.Errorf("order %s", payload)
		return http.StatusBadRequest, "", nil
	}
	i.host, i.token, i.proved, i.chain = order.Identifiers[0].Value, rand.Text(), "pending", nil
	status, _, answer := i.order(nil)
	return status + 1, "/orders/1", answer
}

func (i *issuer) order([]byte) (int, string, any) {
	order := map[string]any{
		"status": "pending", "identifiers": []map[string]string{{"type": "dns", "value": i.host}},
		"authorizations": []string{i.url("/authorization")}, "finalize": i.url("/finalize"),
	}
	if i.proved == "valid" {
		order["status"] = "ready"
	}
	if i.chain != nil {
		order["status"], order["certificate"] = "valid", i.url("/certificate")
	}
	return http.StatusOK, "/orders/1", order
}

func (i *issuer) authorization([]byte) (int, string, any) {
	return http.StatusOK, "", map[string]any{
		"status": i.proved, "identifier": map[string]string{"type": "dns", "value": i.host},
		"challenges": []map[string]string{{"type": i.challenge, "url": i.url("/challenge"), "token": i.token, "status": i.proved}},
	}
}

func (i *issuer) challenged([]byte) (int, string, any) {
	thumbprint, err := i.account.Thumbprint(crypto.SHA256)
	if err != nil {
		i.t.Error(err)
	}
	i.proved = "valid"
	if err := i.prove(i.host, i.token, i.token+"."+base64.RawURLEncoding.EncodeToString(thumbprint)); err != nil {
		i.t.Errorf("the challenge is not met: %v", err)
		i.proved = "invalid"
	}
	return http.StatusOK, "", map[string]string{"type": i.challenge, "url": i.url("/challenge"), "token": i.token, "status": i.proved}
}

func (i *issuer) finalize(payload []byte) (int, string, any) {
	var request struct {
		CSR string `json:"csr"`
	}
	_ = json.Unmarshal(payload, &request)
	raw, _ := base64.RawURLEncoding.DecodeString(request.CSR)
	csr, err := x509.ParseCertificateRequest(raw)
	if err != nil || i.proved != "valid" || len(csr.DNSNames) != 1 || csr.DNSNames[0] != i.host {
		i.t.Errorf("CSR %+v, %v", csr, err)
		return http.StatusForbidden, "", nil
	}
	i.issued++
	leaf, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(int64(100 + i.issued)), Subject: pkix.Name{CommonName: i.host}, DNSNames: csr.DNSNames, NotBefore: time.Now().Add(-time.Minute),
		NotAfter: time.Now().Add(90 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, i.root, csr.PublicKey, i.key)
	if err != nil {
		i.t.Error(err)
	}
	i.chain = append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.root.Raw})...)
	return i.order(nil)
}

// Issued returns how many certificates were issued.
func (i *issuer) Issued() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.issued
}

// overHTTP meets HTTP-01 (RFC 8555, 8.3) at an address.
func overHTTP(address string) func(host, token, keyAuthorization string) error {
	return func(host, token, keyAuthorization string) error {
		request, err := http.NewRequest(http.MethodGet, "http://"+address+"/.well-known/acme-challenge/"+token, nil)
		if err != nil {
			return err
		}
		request.Host = host
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil || strings.TrimSpace(string(body)) != keyAuthorization {
			return fmt.Errorf("%s: %q, %w", answer.Status, body, err)
		}
		return nil
	}
}

// acmeDigest is what a certificate of TLS-ALPN-01 holds (RFC 8737, 3).
func acmeDigest(keyAuthorization string) [32]byte { return sha256.Sum256([]byte(keyAuthorization)) }
