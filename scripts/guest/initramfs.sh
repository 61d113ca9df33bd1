#!/bin/busybox sh
# The first process in QEMU: mounts the machine's files, read-only, and hands over to init.sh.
# shellcheck shell=dash disable=SC2154 # the kernel command line sets $job
for module in /modules/*; do
  busybox insmod "$module"
done
busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=1048576,cache=loose root /root
exec busybox switch_root /root "$job/init.sh"
