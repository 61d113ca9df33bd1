# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # variables of and for with-sctp and init.sh; commas in options
# QEMU with Debian's kernel, which `scripts/setup --qemu` fetches. It has several CPUs, runs sanitizers (User Mode
# Linux does not), and can count instructions instead of time. It uses KVM if it can, else it emulates.

files=$project/build/test-kernel

unavailable() {
  type -P qemu-system-x86_64 > /dev/null && [[ -d $files ]] && return 1
  echo 'not installed; run scripts/setup --qemu'
}

boot() {
  initramfs > "$job/initramfs"
  local arguments=(
    -nodefaults -no-user-config -no-reboot -display none -machine q35 -cpu max
    -m "${memory:-2G}" -smp "${cpus:-2}"
    -kernel "$files"/boot/vmlinuz-* -initrd "$job/initramfs"
    -append "console=ttyS0 quiet loglevel=4 panic=-1 job=$job"
    -chardev stdio,id=log,signal=off -serial chardev:log
    # Not virtio consoles: QEMU drops what they write faster than it is read.
    -chardev file,id=stdout,path=/dev/fd/3 -device pci-serial,chardev=stdout
    -chardev file,id=stderr,path=/dev/fd/4 -device pci-serial,chardev=stderr
  )
  offer root / readonly=on,multidevs=remap
  offer project "$project" readonly=off,multidevs=remap
  offer job "$job" readonly=off
  if [[ $clock == instructions ]]; then
    arguments+=(-accel tcg,thread=single -icount shift=0,sleep=off)
  elif kvm_works; then
    arguments+=(-accel kvm)
  else
    arguments+=(-accel tcg)
  fi
  exec setsid qemu-system-x86_64 "${arguments[@]}"
}

# QEMU's own falling back from KVM is not enough: where /dev/kvm is there but not whole, as in some nested virtual
# machines, QEMU aborts when it sets up the CPU. So a firmware of three instructions is tried, which ends QEMU with
# status 3: "mov al, 1; out 0xf4, al; hlt" where the CPU begins, 16 bytes before the end.
kvm_works() {
  [[ -w /dev/kvm ]] || return 1
  { head -c 65520 /dev/zero && printf '\xb0\x01\xe6\xf4\xf4' && head -c 11 /dev/zero; } > "$job/firmware"
  local status=0
  timeout 5 qemu-system-x86_64 -nodefaults -no-user-config -display none -machine q35 -cpu max -accel kvm \
    -bios "$job/firmware" -device isa-debug-exit,iobase=0xf4,iosize=4 2> /dev/null || status=$?
  ((status == 3))
}

offer() { # offer NAME FOLDER OPTIONS
  arguments+=(
    -fsdev "local,id=$1,path=${2//,/,,},security_model=none,$3"
    -device "virtio-9p-pci,fsdev=$1,mount_tag=$1"
  )
}

# What the kernel starts with: just enough to mount the machine's files.
initramfs() {
  local root=$job/initramfs.d version module number=100
  version=$(basename "$files"/lib/modules/*)
  mkdir -p "$root"/{bin,dev,modules,root}
  cp "$files/bin/busybox" "$root/bin/"
  cp "$project/scripts/guest/initramfs.sh" "$root/init"
  # The modules, each after those it needs. Their names give the order.
  PATH=$PATH:/usr/sbin:/sbin modprobe --dirname="$files" --set-version="$version" --show-depends --all \
    virtio_pci 9pnet_virtio 9p | awk '!seen[$2]++ { print $2 }' |
    while read -r module; do
      cp "$module" "$root/modules/$((number += 1)).ko"
    done
  (cd "$root" && find . | bin/busybox cpio -o -H newc)
}

# --- Inside ---

modules=$files/lib/modules
consoles=(/dev/ttyS1 /dev/ttyS2)

# Makes a folder of the machine writable.
share() { # share job|project FOLDER
  mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose "$1" "$2"
}
