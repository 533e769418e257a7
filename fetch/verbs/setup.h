/*
 * mr-fetch setup ADDRESS: find the servers of an address, test the login, write the account.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef FETCH_VERBS_SETUP_H
#define FETCH_VERBS_SETUP_H

/*
 * `argv` begins with the verb; `config` is that of -c, or NULL. Tells what is tried on stdout
 * (with --print on stderr), says faults, asks on the terminal; the exit status.
 */
int setup_run(const char *config, int argc, char **argv);

#endif
