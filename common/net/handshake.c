/*
 * Judging certificates within OpenSSL's handshake: see handshake.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/handshake.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

struct handshake {
	const struct trust_rules *rules;
	struct known_key *known;
	SSL *ssl; /* a reference of ours: libcurl gives none after the opening */
	struct buf refusal;
	struct handshake_facts facts;
};

struct handshake *handshake_new(const struct trust_rules *rules, struct known_key *known)
{
	struct handshake *h = mem_zero(1, sizeof(*h));

	h->rules = rules;
	h->known = known;
	return h;
}

void handshake_free(struct handshake *h)
{
	if (!h)
		return;
	SSL_free(h->ssl);
	buf_free(&h->refusal);
	free(h);
}

static bool digest_key(X509 *certificate, unsigned char *out)
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	bool good = len > 0 && EVP_Digest(der, (size_t)len, out, NULL, EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	return good;
}

static bool note_certificate(struct handshake_facts *facts, X509 *certificate)
{
	unsigned len = PIN_BYTES;

	facts->certificate.certificate = true;
	return certificate && digest_key(certificate, facts->key.digest) &&
		X509_digest(certificate, EVP_sha256(), facts->certificate.digest, &len) == 1;
}

static void check_pins(struct handshake *h)
{
	const struct handshake_facts *f = &h->facts;

	if (pins_match(&h->rules->pins, &f->key, &f->certificate))
		return;
	buf_add_text(&h->refusal, "neither key nor certificate is one of the pins; the key is ");
	pin_write(&f->key, &h->refusal);
}

static void check_known(struct handshake *h)
{
	if (h->known->there &&
		memcmp(h->known->key.digest, h->facts.key.digest, PIN_BYTES) != 0)
		known_key_complain(h->known, &h->facts.key, &h->refusal);
}

/* In place of X509_verify_cert: 1 the certificate is good, 0 it is not. */
static int judge(X509_STORE_CTX *store, void *arg)
{
	struct handshake *h = arg;
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());

	if (ssl && SSL_up_ref(ssl) == 1) {
		SSL_free(h->ssl);
		h->ssl = ssl;
	}
	buf_clear(&h->refusal);
	if (h->rules->way == TRUST_CA && X509_verify_cert(store) <= 0)
		return 0;
	if (!note_certificate(&h->facts, X509_STORE_CTX_get0_cert(store)))
		buf_add_text(&h->refusal, "its key cannot be read");
	else if (h->known)
		check_known(h);
	else if (h->rules->pins.count > 0 || h->rules->way != TRUST_CA)
		check_pins(h);
	if (h->refusal.len > 0) {
		X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
		return 0;
	}
	X509_STORE_CTX_set_error(store, X509_V_OK);
	return 1;
}

void handshake_prepare(struct handshake *h, void *context)
{
	/* Else a server could show another certificate later, which nobody asks for. */
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_cert_verify_callback(context, judge, h);
	/* libcurl was told not to verify when the authorities do not count. */
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
}

const char *handshake_refusal(const struct handshake *h)
{
	return h->refusal.len > 0 ? buf_text(&h->refusal) : NULL;
}

static int64_t end_of(X509 *certificate)
{
	int days, seconds;
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int64_t ends = 0;

	if (epoch && ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(certificate)) == 1)
		ends = (int64_t)days * 86400 + seconds;
	ASN1_TIME_free(epoch);
	return ends;
}

/*
 * TLS 1.3: RFC 9266. TLS 1.2: tls-unique (RFC 5929), the first Finished message, ours; only
 * with the extended master secret (RFC 7627), without which it can be made the same on two
 * connections. Sessions are never resumed here.
 */
static void note_binding(SSL *ssl, struct scram_binding *out)
{
	static const char label[] = "EXPORTER-Channel-Binding";

	*out = (struct scram_binding){ 0 };
	if (SSL_version(ssl) == TLS1_3_VERSION) {
		out->len = 32;
		if (SSL_export_keying_material(ssl, out->bytes, out->len, label, strlen(label),
			    (const unsigned char *)"", 0, 1) == 1)
			out->type = "tls-exporter";
	} else if (SSL_get_extms_support(ssl) == 1 && !SSL_session_reused(ssl)) {
		out->len = SSL_get_finished(ssl, out->bytes, sizeof(out->bytes));
		if (out->len > 0 && out->len <= sizeof(out->bytes))
			out->type = "tls-unique";
	}
}

bool handshake_end(struct handshake *h, struct handshake_facts *out)
{
	X509 *certificate = h->ssl ? SSL_get0_peer_certificate(h->ssl) : NULL;

	if (!certificate)
		return false;
	h->facts.ends = end_of(certificate);
	note_binding(h->ssl, &h->facts.binding);
	snprintf(h->facts.version, sizeof(h->facts.version), "%s", SSL_get_version(h->ssl));
	*out = h->facts;
	SSL_free(h->ssl);
	h->ssl = NULL;
	return true;
}
