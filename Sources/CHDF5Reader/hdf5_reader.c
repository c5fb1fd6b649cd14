#define _GNU_SOURCE
#include "hdf5_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hdf5_child.h"

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Bytes of address space that this process has.
static uint64_t address_space(void) {
  char text[64] = {0};
  int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (statm < 0) return 0;
  ssize_t length = read(statm, text, sizeof text - 1);
  close(statm);
  return length > 0 ? strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void limit(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit old;
  if (getrlimit(resource, &old) != 0) return;
  if (old.rlim_max != RLIM_INFINITY && hard > old.rlim_max) hard = old.rlim_max;
  struct rlimit new = {soft < hard ? soft : hard, hard};
  setrlimit(resource, &new);
}

// Makes a child that ends quietly: no handlers of the parent, no words of the C library, no core, bounded memory and time.
static void confine(const struct nutune_h5_request *request, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGXCPU, SIGTERM, SIGINT};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
  int nowhere = open("/dev/null", O_RDWR);
  if (nowhere >= 0) {
    for (int stream = 0; stream <= 2; stream++) dup2(nowhere, stream);
  }
  uint64_t space = address_space();
  if (space > 0) limit(RLIMIT_AS, space + request->memory, space + request->memory);
  limit(RLIMIT_CPU, request->seconds, request->seconds + 1);
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_FSIZE, 0, 0);
}

int nutune_h5_start(const struct nutune_h5_request *request, struct nutune_h5_child *child) {
  int ends[2];
  if (request->column_count > 16) return EINVAL;
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  pid_t parent = getpid();
  child->deadline = now() + 4000 * (int64_t)request->seconds;
  child->process = fork();
  if (child->process < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return error;
  }
  if (child->process == 0) {
    close(ends[0]);
    confine(request, parent);
    nutune_h5_child_reads(request, ends[1]);
    _exit(0);
  }
  close(ends[1]);
  child->pipe = ends[0];
  return 0;
}

int nutune_h5_receive(const struct nutune_h5_child *child, void *bytes, size_t count) {
  char *next = bytes;
  while (count > 0) {
    int64_t left = child->deadline - now();
    if (left <= 0) return 2;
    struct pollfd wait = {child->pipe, POLLIN, 0};
    int ready = poll(&wait, 1, left > 1000 ? 1000 : (int)left);
    if (ready < 0 && errno != EINTR) return 1;
    if (ready <= 0) continue;
    ssize_t length = read(child->pipe, next, count);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return 1;
    next += length;
    count -= (size_t)length;
  }
  return 0;
}

int nutune_h5_finish(const struct nutune_h5_child *child) {
  // A child that has closed its pipe is ending by itself; how it ends is worth knowing.
  struct pollfd wait = {child->pipe, POLLIN, 0};
  int has_ended = poll(&wait, 1, 0) == 1 && (wait.revents & POLLHUP) && !(wait.revents & POLLIN);
  if (!has_ended) kill(child->process, SIGKILL);
  close(child->pipe);
  int status = 0;
  while (waitpid(child->process, &status, 0) < 0 && errno == EINTR) {
  }
  return has_ended && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
