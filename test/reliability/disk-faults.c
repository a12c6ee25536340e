// Loaded before libc by PostgreSQL in tests. In the folder DISK_FAULTS a file `full` makes a full disk, `broken` one that cannot make
// the WAL safe; with `undo` it is kept how to take back what was written and not synced, so that a power loss can be played.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

/* What a record of an undo file begins with; the bytes that were there follow. `size` is -1 where the file did not grow. */
struct undo { int64_t at, length, size; };

static void undo_path(char *path, ino_t file) {
  snprintf(path, PATH_MAX, "%s/undo-%ju", getenv("DISK_FAULTS"), (uintmax_t)file);
}

static void remember(int fd, off_t at, off_t length) {
  struct stat now;
  if (!on("undo") || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) return;
  off_t there = now.st_size - at < length ? now.st_size - at : length;
  if (there < 0) there = 0;
  char *record = malloc(sizeof(struct undo) + there);
  if (pread(fd, record + sizeof(struct undo), there, at) != there) { free(record); return; }
  *(struct undo *)record = (struct undo){at, there, at + length > now.st_size ? now.st_size : -1};
  char path[PATH_MAX];
  undo_path(path, now.st_ino);
  int undo = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
  /* One write, so that records of several processes do not mix. */
  if (undo < 0 || write(undo, record, sizeof(struct undo) + there) < 0) abort();
  close(undo);
  free(record);
}

/* What is synced stays. */
static int synced(int fd, int result) {
  struct stat now;
  char path[PATH_MAX];
  if (result == 0 && on("undo") && fstat(fd, &now) == 0) {
    undo_path(path, now.st_ino);
    if (truncate(path, 0) != 0 && errno != ENOENT) abort();
  }
  return result;
}

#define WRITE(fd, at, size) \
  if (grows(fd, (at) + (off_t)(size)) && on("full")) { errno = ENOSPC; return -1; } \
  remember(fd, at, size);

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { WRITE(fd, at, size) return NEXT(pwrite)(fd, bytes, size, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) { WRITE(fd, at, size) return NEXT(pwrite64)(fd, bytes, size, at); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { WRITE(fd, at, size_of(parts, count)) return NEXT(pwritev)(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { WRITE(fd, at, size_of(parts, count)) return NEXT(pwritev64)(fd, parts, count, at); }

int posix_fallocate(int fd, off_t at, off_t size) { return grows(fd, at + size) && on("full") ? ENOSPC : NEXT(posix_fallocate)(fd, at, size); }
int posix_fallocate64(int fd, off64_t at, off64_t size) { return grows(fd, at + size) && on("full") ? ENOSPC : NEXT(posix_fallocate64)(fd, at, size); }

#define BROKEN(fd) if (of_wal(fd) && on("broken")) { errno = EIO; return -1; }

int fsync(int fd) { BROKEN(fd) return synced(fd, NEXT(fsync)(fd)); }
int fdatasync(int fd) { BROKEN(fd) return synced(fd, NEXT(fdatasync)(fd)); }
