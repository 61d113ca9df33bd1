// The kernel's own header, so that expected bytes do not come from the code under test.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
// After sys/socket.h: it needs sockaddr_storage.
#include <linux/sctp.h>
