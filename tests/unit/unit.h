/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * unit.h - the suites of the unit tests
 *
 * Each test_NAME.c defines one table of tests, ended by CU_TEST_INFO_NULL;
 * unit.c lists and runs them.
 */
#ifndef UNIT_H
#define UNIT_H

#include <CUnit/CUnit.h>
#include <stdint.h>

extern CU_TestInfo unit_address[];
extern CU_TestInfo unit_password[];
extern CU_TestInfo unit_size[];
extern CU_TestInfo unit_time[];

/* An assertion about a row of a table, which a failure names. */
#define UNIT_ASSERT_ROW(row, condition) \
	CU_assertImplementation((condition), __LINE__, (row), __FILE__, "", \
	    CU_FALSE)

/* A number below n, out of a sequence that is the same in every run. */
uint32_t unit_random(uint32_t n);

#endif
