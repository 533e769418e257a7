/*
 * The rules, looked at before a server is contacted: see trust.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/io.h"
#include "common/net/pin.h"

static int check_readable(const char *setting, const char *path, bool directory,
	struct fault *why)
{
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fault_set(why, FAULT_CONFIG, "%s %s: %s", setting, path, strerror(errno));
	if (directory != S_ISDIR(st.st_mode))
		return fault_set(why, FAULT_CONFIG, "%s %s: it is %s directory", setting, path,
			directory ? "no" : "a");
	return 0;
}

/* A key that everybody may read is everybody's: the same rule as for passwords. */
static int check_private(const char *path, struct fault *why)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & S_IROTH))
		return fault_set(why, FAULT_CONFIG,
			"key-file %s can be read by everybody: chmod o= it", path);
	return 0;
}

/* Instead of OpenSSL's question on the terminal. */
static int no_passphrase(char *out, int size, int writing, void *asked)
{
	(void)out;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static void free_context(SSL_CTX **context)
{
	SSL_CTX_free(*context);
}

static int check_pair(const char *cert, const char *key, struct fault *why)
{
	__attribute__((cleanup(free_context))) SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	bool asked = false;
	const char *trouble = NULL;

	if (!context)
		return fault_set(why, FAULT_TEMP, "OpenSSL does not start");
	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(context, cert) != 1) {
		fault_set(why, FAULT_CONFIG, "cert-file %s holds no certificate (PEM)", cert);
	} else if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
		trouble = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ?
			"holds the key of another certificate" : "holds no private key (PEM)";
		fault_set(why, FAULT_CONFIG, "key-file %s %s", key,
			asked ? "is under a passphrase: it must be without" : trouble);
	} else {
		return 0;
	}
	ERR_clear_error();
	return -1;
}

static int check_ours(const struct trust_rules *r, struct fault *why)
{
	const char *key = r->key_file ? r->key_file : r->cert_file;

	if (!r->cert_file)
		return r->key_file ? fault_set(why, FAULT_CONFIG, "key-file without cert-file") : 0;
	if (check_readable("cert-file", r->cert_file, false, why) < 0 ||
		check_readable("key-file", key, false, why) < 0 || check_private(key, why) < 0)
		return -1;
	return check_pair(r->cert_file, key, why);
}

/* Rules that would be silently without effect: somebody relies on them. */
static int check_sense(const struct trust_rules *r, bool tls, struct fault *why)
{
	const char *vain = r->cert_file ? "cert-file"
		: r->pins.count > 0	? "pins"
		: r->way != TRUST_CA	? "trust"
		: r->least != TRUST_TLS_1_2 ? "tls-min" : NULL;

	if (!tls && vain)
		return fault_set(why, FAULT_CONFIG, "%s has no meaning with tls = \"none\"", vain);
	if (r->way != TRUST_CA && (r->ca_file || r->ca_dir))
		return fault_set(why, FAULT_CONFIG, "%s counts with trust = \"ca\" only",
			r->ca_file ? "ca-file" : "ca-dir");
	if (r->way == TRUST_PIN && r->pins.count == 0)
		return fault_set(why, FAULT_CONFIG, "trust = \"pin\" without pins");
	if (r->way == TRUST_FIRST_USE && r->pins.count > 0)
		return fault_set(why, FAULT_CONFIG, "pins do not go with trust = \"first-use\"");
	return 0;
}

int trust_rules_check(const struct trust_rules *r, bool tls, struct fault *why)
{
	if (check_sense(r, tls, why) < 0 || pins_check(&r->pins, why) < 0)
		return -1;
	if (r->ca_file && check_readable("ca-file", r->ca_file, false, why) < 0)
		return -1;
	if (r->ca_dir && check_readable("ca-dir", r->ca_dir, true, why) < 0)
		return -1;
	return check_ours(r, why);
}
