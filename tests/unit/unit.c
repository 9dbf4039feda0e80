/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * unit.c - runs the unit tests of libmaildb's pure modules
 *
 * They need no database.  Arguments name the suites to run; without any, all
 * run.  Exits by the number of failures.
 */
#include <CUnit/Basic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

static CU_SuiteInfo suites[] = {
	{ .pName = "address", .pTests = unit_address },
	{ .pName = "size", .pTests = unit_size },
	{ .pName = "time", .pTests = unit_time },
	{ .pName = "password", .pTests = unit_password },
	CU_SUITE_INFO_NULL,
};

uint32_t
unit_random(uint32_t n)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % n;
}

/* Runs the suite of that name; anything else than its end is a failure. */
static bool
run_suite(const char *name)
{
	CU_pSuite suite = CU_get_suite(name);

	if (suite == NULL) {
		fprintf(stderr, "unit: no suite '%s'\n", name);
		return false;
	}
	return CU_basic_run_suite(suite) == CUE_SUCCESS;
}

int
main(int argc, char **argv)
{
	bool ok;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS) {
		fprintf(stderr, "unit: %s\n", CU_get_error_msg());
		return EXIT_FAILURE;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	ok = argc > 1 || CU_basic_run_tests() == CUE_SUCCESS;
	for (int i = 1; i < argc; i++)
		ok = run_suite(argv[i]) && ok;
	ok = ok && CU_get_number_of_failures() == 0;
	CU_cleanup_registry();
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
