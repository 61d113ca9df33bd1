// Makes system calls on SCTP sockets fail on demand. For tests, as LD_PRELOAD; on one thread only.
//
// The environment variable SCTP_FAULTS holds rules, CALL[:DETAIL]=VALUE[*TIMES[@FIRST]], with
// blanks between them. VALUE is the errno to fail with, 0 to count only. DETAIL narrows a rule to
// an option's number (of any level), or to an address family for socket. A program may change its
// rules while it runs.
//
//   socket=93               no SCTP
//   setsockopt:127=92       no SCTP_EVENT
//   recvmmsg=12*1           out of memory, once
//   recvmmsg=12*1@3         out of memory, the third time
//   so_error=104*1          VALUE is the pending error that getsockopt(SO_ERROR) reports
//   epoll=8*1               VALUE is the only event that epoll reports for an SCTP socket
//   wake=0                  counts the returns of epoll without an event of an SCTP socket
//
// A word that begins with # is passed over: it makes the same rules start over.
// SCTP_FAULT_COUNTS reports how often the calls that rules name have been made since the rules were
// last changed: "sendmsg=17 epoll=20".
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_RULES = 8, ANY = -1 };

struct rule {
  char call[16];
  int detail;
  int value;
  long times;  // -1 for ever
  long first;
  long count;
};

static struct rule rules[MAX_RULES];
static size_t rule_count;
static char rules_text[512];

static void read_rules(void) {
  const char* text = getenv("SCTP_FAULTS");
  if (text == NULL) text = "";
  if (strcmp(text, rules_text) == 0) return;
  snprintf(rules_text, sizeof rules_text, "%s", text);
  rule_count = 0;
  char words[sizeof rules_text];
  memcpy(words, rules_text, sizeof words);
  for (char* word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
    if (word[0] == '#') continue;
    struct rule rule = {.detail = ANY, .times = -1, .first = 1};
    const bool narrow = sscanf(word, "%15[a-z_]:%d", rule.call, &rule.detail) == 2;
    const char* value = strchr(word, '=');
    if (value == NULL || sscanf(value, "=%d*%ld@%ld", &rule.value, &rule.times, &rule.first) < 1 ||
        (!narrow && sscanf(word, "%15[a-z_]=", rule.call) != 1) || rule_count == MAX_RULES) {
      fprintf(stderr, "SCTP_FAULTS: cannot use '%s'\n", word);
      abort();
    }
    rules[rule_count++] = rule;
  }
}

static void publish_counts(void) {
  char text[512] = "";
  size_t length = 0;
  for (size_t i = 0; i < rule_count; ++i) {
    const int added = snprintf(text + length, sizeof text - length, "%s%s=%ld", i > 0 ? " " : "",
                               rules[i].call, rules[i].count);
    length += (size_t)added;
  }
  setenv("SCTP_FAULT_COUNTS", text, 1);
}

// The value of the rule for a call; 0 if there is none, or it has done its work.
static int fault(const char* call, int detail) {
  const int saved = errno;
  int value = 0;
  read_rules();
  for (size_t i = 0; i < rule_count; ++i) {
    struct rule* rule = &rules[i];
    if (strcmp(rule->call, call) != 0) continue;
    if (rule->detail != ANY && rule->detail != detail) continue;
    ++rule->count;
    publish_counts();
    if (value != 0 || rule->times == 0 || rule->count < rule->first) continue;
    if (rule->times > 0) --rule->times;
    value = rule->value;
  }
  errno = saved;
  return value;
}

// The next definition of a libc function after ours.
#define REAL(name)                          \
  static __typeof__(name)* real;            \
  if (real == NULL) {                       \
    void* symbol = dlsym(RTLD_NEXT, #name); \
    memcpy(&real, &symbol, sizeof real);    \
  }

static int real_getsockopt(int fd, int level, int number, void* value, socklen_t* length) {
  REAL(getsockopt)
  return real(fd, level, number, value, length);
}

static bool is_sctp(int fd) {
  const int saved = errno;
  int protocol = 0;
  socklen_t length = sizeof protocol;
  const int result = real_getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length);
  errno = saved;
  return result == 0 && protocol == IPPROTO_SCTP;
}

#define FAIL_IF_RULED(condition, call, detail)                   \
  do {                                                           \
    const int error = (condition) ? fault((call), (detail)) : 0; \
    if (error != 0) {                                            \
      errno = error;                                             \
      return -1;                                                 \
    }                                                            \
  } while (0)

int socket(int family, int type, int protocol) {
  REAL(socket)
  FAIL_IF_RULED(protocol == IPPROTO_SCTP, "socket", family);
  return real(family, type, protocol);
}

int setsockopt(int fd, int level, int number, const void* value, socklen_t length) {
  REAL(setsockopt)
  FAIL_IF_RULED(is_sctp(fd), "setsockopt", number);
  return real(fd, level, number, value, length);
}

int getsockopt(int fd, int level, int number, void* restrict value, socklen_t* restrict length) {
  if (level == SOL_SOCKET && number == SO_ERROR && is_sctp(fd)) {
    const int pending = fault("so_error", ANY);
    if (pending != 0) {
      memcpy(value, &pending, sizeof pending);
      return 0;
    }
  }
  FAIL_IF_RULED(is_sctp(fd), "getsockopt", number);
  return real_getsockopt(fd, level, number, value, length);
}

int listen(int fd, int backlog) {
  REAL(listen)
  FAIL_IF_RULED(is_sctp(fd), "listen", ANY);
  return real(fd, backlog);
}

ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  REAL(sendmsg)
  FAIL_IF_RULED(is_sctp(fd), "sendmsg", ANY);
  return real(fd, message, flags);
}

// As the kernel does it: one by one, up to the first that fails. Each counts as a sendmsg.
int sendmmsg(int fd, struct mmsghdr* messages, unsigned int count, int flags) {
  REAL(sendmmsg)
  if (!is_sctp(fd)) return real(fd, messages, count, flags);
  for (unsigned int i = 0; i < count; ++i) {
    const ssize_t sent = sendmsg(fd, &messages[i].msg_hdr, flags);
    if (sent < 0) return i > 0 ? (int)i : -1;
    messages[i].msg_len = (unsigned int)sent;
  }
  return (int)count;
}

int recvmmsg(int fd, struct mmsghdr* messages, unsigned int count, int flags,
             struct timespec* timeout) {
  REAL(recvmmsg)
  FAIL_IF_RULED(is_sctp(fd), "recvmmsg", ANY);
  return real(fd, messages, count, flags, timeout);
}

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event* event) {
  REAL(epoll_ctl)
  FAIL_IF_RULED(is_sctp(fd), "epoll_ctl", operation);
  return real(epoll, operation, fd, event);
}

int epoll_pwait(int epoll, struct epoll_event* events, int size, int timeout,
                const sigset_t* mask) {
  REAL(epoll_pwait)
  const int count = real(epoll, events, size, timeout, mask);
  if (gettid() != getpid()) return count;  // not the event loop under test
  bool reports = false;
  for (int i = 0; i < count; ++i) {
    if (!is_sctp(events[i].data.fd)) continue;
    reports = true;
    const int event = fault("epoll", ANY);
    if (event != 0) events[i].events = (uint32_t)event;
  }
  if (!reports) fault("wake", ANY);
  return count;
}

int epoll_wait(int epoll, struct epoll_event* events, int size, int timeout) {
  return epoll_pwait(epoll, events, size, timeout, NULL);
}
