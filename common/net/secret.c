/*
 * Passwords and tokens: see secret.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/net/secret.h"

#include "common/net/secret_command.h"

void secret_wipe(struct secret *s)
{
	if (s->text)
		explicit_bzero(s->text, strlen(s->text));
	free(s->text);
	*s = (struct secret){ 0 };
}

int secret_get(const struct server *server, int cancel_fd, struct secret *out,
	struct fault *why)
{
	*out = (struct secret){ .token = server->token_command != NULL };
	if (server->token_command)
		return secret_command(server->token_command, "token-command", server, cancel_fd,
			&out->text, why);
	if (server->password_command)
		return secret_command(server->password_command, "password-command", server,
			cancel_fd, &out->text, why);
	if (!server->password)
		return fault_set(why, FAULT_CONFIG,
			"%s%sno password-command, password or token-command for %s at %s",
			server->place ? server->place : "", server->place ? ": " : "",
			server->user ? server->user : "the user", server->host);
	out->text = mem_text(server->password);
	return 0;
}
