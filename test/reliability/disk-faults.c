// Loaded before libc by PostgreSQL in tests: a disk that is full, or whose WAL cannot be made safe, while a file beside DISK_FAULTS is there.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int on(const char *fault) {
  const char *folder = getenv("DISK_FAULTS");
  if (folder == NULL) return 0;
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", folder, fault);
  return access(path, F_OK) == 0;
}

/* Does writing up to here need room that the file does not have yet? */
static int grows(int fd, off_t end) {
  struct stat now;
  return fstat(fd, &now) == 0 && S_ISREG(now.st_mode) && end > now.st_size;
}

static int of_wal(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strstr(path, "/pg_wal/") != NULL;
}

static off_t size_of(const struct iovec *parts, int count) {
  off_t size = 0;
  for (int n = 0; n < count; n++) size += parts[n].iov_len;
  return size;
}

#define NEXT(name) (*(__typeof__(name) **)&(void *){dlsym(RTLD_NEXT, #name)})

#define FULL(fd, end) if (grows(fd, end) && on("full")) { errno = ENOSPC; return -1; }

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { FULL(fd, at + (off_t)size) return NEXT(pwrite)(fd, bytes, size, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) { FULL(fd, at + (off_t)size) return NEXT(pwrite64)(fd, bytes, size, at); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { FULL(fd, at + size_of(parts, count)) return NEXT(pwritev)(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { FULL(fd, at + size_of(parts, count)) return NEXT(pwritev64)(fd, parts, count, at); }

int posix_fallocate(int fd, off_t at, off_t size) { return grows(fd, at + size) && on("full") ? ENOSPC : NEXT(posix_fallocate)(fd, at, size); }
int posix_fallocate64(int fd, off64_t at, off64_t size) { return grows(fd, at + size) && on("full") ? ENOSPC : NEXT(posix_fallocate64)(fd, at, size); }

#define BROKEN(fd) if (of_wal(fd) && on("broken")) { errno = EIO; return -1; }

int fsync(int fd) { BROKEN(fd) return NEXT(fsync)(fd); }
int fdatasync(int fd) { BROKEN(fd) return NEXT(fdatasync)(fd); }
