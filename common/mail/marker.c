/*
 * SPDX-License-Identifier: ISC
 */
typedef int mail_marker;
