// The floor of `cargo xtask bench fanout`: the least that a server can do. One thread, epoll, a frame
// encoded once, one send() a reader. It checks nothing and stores nothing.
//
// GET /live reads frames, GET /publish is followed by one payload a line, GET /readyz says 200.
// usage: floor PORT
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILES_MAX = 65536, LINE_MAX_BYTES = 65000 };
enum kind { NEW, READER, PUBLISHER };

static enum kind kinds[FILES_MAX];
static int readers[FILES_MAX], places[FILES_MAX], reader_count;
static char line[LINE_MAX_BYTES];
static size_t line_length;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void leave(int file) {
    if (kinds[file] == READER) {
        int last = readers[--reader_count];
        readers[places[file]] = last;
        places[last] = places[file];
    }
    close(file);
}

static void publish(const char *payload, size_t length) {
    static unsigned char frame[LINE_MAX_BYTES + 4];
    size_t head = length < 126 ? 2 : 4;
    frame[0] = 0x81;
    frame[1] = length < 126 ? (unsigned char)length : 126;
    if (head == 4) {
        frame[2] = (unsigned char)(length >> 8);
        frame[3] = (unsigned char)length;
    }
    memcpy(frame + head, payload, length);
    for (int at = 0; at < reader_count; at++) {
        // A reader that takes no more is left out, which voids the round.
        if (send(readers[at], frame, head + length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN)
            perror("send");
    }
}

static void say(int file, const char *text) {
    if (send(file, text, strlen(text), MSG_NOSIGNAL) < 0)
        perror("send");
}

static void greeted(int file, const char *head) {
    static const char *upgraded =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    if (strncmp(head, "GET /live", 9) == 0) {
        kinds[file] = READER;
        places[file] = reader_count;
        readers[reader_count++] = file;
        say(file, upgraded);
    } else if (strncmp(head, "GET /publish", 12) == 0) {
        kinds[file] = PUBLISHER;
        say(file, upgraded);
    } else {
        say(file, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        leave(file);
    }
}

static void published(const char *bytes, size_t length) {
    for (size_t at = 0; at < length; at++) {
        if (bytes[at] == '\n') {
            publish(line, line_length);
            line_length = 0;
        } else if (line_length < sizeof line) {
            line[line_length++] = bytes[at];
        }
    }
}

static void ready(int file) {
    static char bytes[LINE_MAX_BYTES];
    ssize_t count = recv(file, bytes, sizeof bytes - 1, 0);
    if (count <= 0) {
        leave(file);
        return;
    }
    bytes[count] = 0;
    if (kinds[file] == NEW)
        greeted(file, bytes);
    else if (kinds[file] == PUBLISHER)
        published(bytes, (size_t)count);
}

static int listening(int port) {
    int one = 1, file = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    // Every address of the loopback leads here.
    if (bind(file, (struct sockaddr *)&address, sizeof address) < 0 || listen(file, 4096) < 0)
        fail("listen");
    return file;
}

int main(int count, char **words) {
    if (count != 2)
        return 2;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int one = 1, listener = listening(atoi(words[1])), poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int some = epoll_wait(poll, events, 256, -1);
        for (int at = 0; at < some; at++) {
            if (events[at].data.fd != listener) {
                ready(events[at].data.fd);
                continue;
            }
            int file = accept(listener, NULL, NULL);
            if (file < 0 || file >= FILES_MAX)
                fail("accept");
            setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            kinds[file] = NEW;
            event = (struct epoll_event){.events = EPOLLIN, .data.fd = file};
            epoll_ctl(poll, EPOLL_CTL_ADD, file, &event);
        }
    }
}
