/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stage_hash.c - passwords of many users, hashed on all processors
 *
 * Owns the threads and their queues.  A thread sees a job's texts and nothing
 * else: no handle, no database.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "state/state.h"

#define THREADS_MOST 64
#define JOBS_AHEAD   4 /* for each thread: what may wait */

struct queue {
	struct maildb__hashing *first, **last;
};

struct maildb__hasher {
	pthread_mutex_t lock;
	pthread_cond_t wake, done;
	struct queue todo, finished;
	size_t under_way; /* put and not yet taken */
	bool stop;
	char *scheme;
	unsigned long cost;
	size_t nthreads;
	pthread_t threads[THREADS_MOST];
};

static void
append(struct queue *queue, struct maildb__hashing *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
}

static struct maildb__hashing *
take(struct queue *queue)
{
	struct maildb__hashing *job = queue->first;

	if (job != NULL && (queue->first = job->next) == NULL)
		queue->last = &queue->first;
	return job;
}

/* Hashes a password, unless it fits the hash that is stored. */
static void
work(const struct maildb__hasher *hasher, struct maildb__hashing *job)
{
	if (job->old != NULL &&
	    maildb_password_verify(job->old, job->password) == 1)
		return;
	job->code = maildb_password_hash(hasher->scheme, hasher->cost,
	    job->password, &job->hash);
}

static void *
run(void *arg)
{
	struct maildb__hasher *hasher = arg;
	struct maildb__hashing *job;

	pthread_mutex_lock(&hasher->lock);
	while (!hasher->stop) {
		if ((job = take(&hasher->todo)) == NULL) {
			pthread_cond_wait(&hasher->wake, &hasher->lock);
			continue;
		}
		pthread_mutex_unlock(&hasher->lock);
		work(hasher, job);
		pthread_mutex_lock(&hasher->lock);
		append(&hasher->finished, job);
		pthread_cond_signal(&hasher->done);
	}
	pthread_mutex_unlock(&hasher->lock);
	return NULL;
}

struct maildb__hasher *
maildb__hasher_new(const char *scheme, unsigned long cost)
{
	struct maildb__hasher *hasher = calloc(1, sizeof(*hasher));
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	sigset_t all, old;

	if (hasher == NULL)
		return NULL;
	if ((hasher->scheme = strdup(scheme)) == NULL) {
		free(hasher);
		return NULL;
	}
	hasher->cost = cost;
	hasher->todo.last = &hasher->todo.first;
	hasher->finished.last = &hasher->finished.first;
	pthread_mutex_init(&hasher->lock, NULL);
	pthread_cond_init(&hasher->wake, NULL);
	pthread_cond_init(&hasher->done, NULL);
	/* Signals are for the caller's own threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (hasher->nthreads < THREADS_MOST &&
	    (hasher->nthreads == 0 || (long)hasher->nthreads < processors) &&
	    pthread_create(&hasher->threads[hasher->nthreads], NULL, run,
	    hasher) == 0)
		hasher->nthreads++;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return hasher;
}

void
maildb__hasher_put(struct maildb__hasher *hasher, struct maildb__hashing *job)
{
	/* Without threads it is done at once. */
	if (hasher->nthreads == 0)
		work(hasher, job);
	pthread_mutex_lock(&hasher->lock);
	append(hasher->nthreads > 0 ? &hasher->todo : &hasher->finished, job);
	hasher->under_way++;
	pthread_cond_signal(&hasher->wake);
	pthread_mutex_unlock(&hasher->lock);
}

struct maildb__hashing *
maildb__hasher_get(struct maildb__hasher *hasher, bool wait)
{
	struct maildb__hashing *job;

	pthread_mutex_lock(&hasher->lock);
	while ((job = take(&hasher->finished)) == NULL &&
	    hasher->under_way > (wait ? 0 : hasher->nthreads * JOBS_AHEAD))
		pthread_cond_wait(&hasher->done, &hasher->lock);
	if (job != NULL)
		hasher->under_way--;
	pthread_mutex_unlock(&hasher->lock);
	return job;
}

void
maildb__hashing_free(struct maildb__hashing *job)
{
	if (job == NULL)
		return;
	free(job->domain);
	free(job->localpart);
	maildb_secret_free(job->password);
	maildb_secret_free(job->old);
	maildb_secret_free(job->hash);
	free(job);
}

void
maildb__hasher_free(struct maildb__hasher *hasher)
{
	struct maildb__hashing *job;
	size_t i;

	if (hasher == NULL)
		return;
	pthread_mutex_lock(&hasher->lock);
	hasher->stop = true;
	pthread_cond_broadcast(&hasher->wake);
	pthread_mutex_unlock(&hasher->lock);
	for (i = 0; i < hasher->nthreads; i++)
		pthread_join(hasher->threads[i], NULL);
	while ((job = take(&hasher->todo)) != NULL ||
	    (job = take(&hasher->finished)) != NULL)
		maildb__hashing_free(job);
	pthread_cond_destroy(&hasher->done);
	pthread_cond_destroy(&hasher->wake);
	pthread_mutex_destroy(&hasher->lock);
	free(hasher->scheme);
	free(hasher);
}
