# Mailing lists, each into its own folder: "Foo <foo-users.example.org>" into lists/foo-users.
#
# A discussion list says where to post (List-Post, RFC 2369); a newsletter does not, or says
# NO, and is left to the next file. The regular expression takes the first label of the
# List-Id (RFC 2919) and only harmless characters: the name of a folder comes from a
# stranger here.
#
# SPDX-License-Identifier: ISC

require ["fileinto", "mailbox", "variables", "regex"];

if allof (
	exists "List-Post",
	not header :is "List-Post" "NO",
	header :regex "List-Id" "<([a-z0-9][a-z0-9_-]{0,60})[.>]"
) {
	set :lower "list" "${1}";
	fileinto :create "lists/${list}";
}
