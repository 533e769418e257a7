/*
 * Telling the service manager how a service is: sd_notify(3), without its library.
 *
 * SPDX-License-Identifier: ISC
 */
#ifndef COMMON_BASE_NOTIFY_H
#define COMMON_BASE_NOTIFY_H

#include <stdint.h>

/*
 * One datagram of NAME=VALUE lines ("READY=1\nSTATUS=...") to $NOTIFY_SOCKET, a path or
 * ("@...") an abstract name. Does nothing without it; a failure is nobody's trouble.
 */
void notify_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * How often "WATCHDOG=1" is to be told, in milliseconds: twice as often as the manager
 * wants ($WATCHDOG_USEC, if it is meant for this process by $WATCHDOG_PID). 0: never.
 */
int64_t notify_watchdog(void);

#endif
