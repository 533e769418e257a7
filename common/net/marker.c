/*
 * SPDX-License-Identifier: ISC
 */
typedef int net_marker;
