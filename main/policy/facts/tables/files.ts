// Programs that make, change, move, pack and destroy files and what they lie on.

import type { Table } from '../spec.ts';

const COPY =
  '-b -n -u -x -s -l -L -P -H -T --no-clobber --update=? --backup=? --preserve=? --no-preserve=any --sparse=any --reflink=? --strip-trailing-slashes --parents -S/--suffix=any -t/--target-directory=w -v/--verbose -i/--interactive';

export const FILES: Table = {
  cp: `read write @r..w ${COPY} -f/--force!force -r/-R/--recursive!recursive -a/--archive!recursive -p -d -Z -c -X`,
  mv: `read write @rw..w ${COPY} -f/--force!force`,
  ln: 'write @r..w -s/--symbolic -f/--force!force -n/--no-dereference -v -r/--relative -T -t=w -i -b -L -P -S=any',
  install:
    'read write @r..w -m/--mode=mode+permission -o/--owner=any+permission -g/--group=any+permission -d/--directory@w -D -v -C -b -p -s -t/--target-directory=w -T',
  'rm|srm|unlink|rmdir|trash|trash-put|rip|gio-trash':
    'delete @d -r/-R/--recursive!recursive -f/--force!force -i -I -d/--dir -v/--verbose -p/--parents --no-preserve-root!force --preserve-root=? --one-file-system --interactive=? --ignore-fail-on-non-empty -q',
  'shred|wipe|nwipe': 'write delete @d -* -u/--remove=?!force -f!force -n=any -s=any -z -v',
  touch: 'write @w -a -m -c -d/--date=any -t=any -r/--reference=r -h',
  'mkdir|mkfifo|mktemp|mkdirhier':
    'write @w -* -p/--parents -m/--mode=mode -v -d -t=any --suffix=any',
  mknod: 'write privilege @w,any -m=any',
  'truncate|fallocate': 'write delete @w -s/--size=any -r=r -c -o -l=any -n',
  chmod:
    'permission @mode,p -R/--recursive!recursive -v/--verbose -f/--silent/--quiet -c/--changes --reference=r~ --preserve-root --no-preserve-root!force -h -x~ -w~ -r~ -s~ -t~ -rwx~ -rw~ -X~',
  'chown|chgrp|lchown':
    'permission @any,p -R/--recursive!recursive -v/--verbose -f -c -h/--no-dereference --reference=r~ --from=any -H -L -P --preserve-root --no-preserve-root!force',
  'setfacl|chacl|nfs4_setfacl':
    'permission @p -* -m/--modify=any -x/--remove=any -M=r -X=r -b -k -R!recursive --set=any -d --restore=r',
  'chattr|chflags': 'permission @any,p -* -R!recursive',
  'chcon|restorecon|semanage|setsebool|setcap|getcap|setenforce|semodule|chsh|chfn|audit2allow|sesearch':
    'permission @any,p -* -R!recursive',
  setcap: 'permission privilege @any,p -* -r -n=any',
  'getcap|sesearch|getenforce|sestatus': 'read @r -*',
  umask: 'permission @any -S -p 0:+read',
  'rename|prename|mmv|qmv|vidir|rnm|zmv': 'read write execute !inlineCode @code,rw -* -n!dryRun',
  'dd|dcfldd|dc3dd': 'read @kv -*',
  'mkfs|mkfs.ext2|mkfs.ext3|mkfs.ext4|mkfs.xfs|mkfs.btrfs|mkfs.vfat|mkfs.fat|mkfs.ntfs|mkfs.erofs|mke2fs|mkswap|newfs|wipefs|blkdiscard|sgdisk|sfdisk|fdisk|gdisk|cfdisk|parted|partprobe|hdparm|badblocks|mdadm|cryptsetup|pvcreate|pvremove|vgcreate|vgremove|lvcreate|lvremove|lvextend|lvreduce|lvresize|resize2fs|tune2fs|e2fsck|fsck|fsck.ext4|xfs_admin|xfs_repair|xfs_growfs|e4defrag|e2undo|fatlabel|swaplabel|e2label|dmsetup|zpool|zfs|btrfs|tomb|cryfs|gocryptfs|mksquashfs|diskutil|format|diskpart|losetup|fstrim|genfstab|lvm|debugfs|zdb|fwupdmgr|fwupdtool|fatresize':
    'write delete privilege @w -* -f!force -F!force -y!force',
  'fdisk|parted|sfdisk|gdisk|sgdisk': 'write delete privilege @w -* -l/--list+read',
  'zpool|zfs|btrfs|dmsetup|cryptsetup|mdadm|lvm':
    'verbs privilege -* --exec=sh -f!force -r!recursive -R!recursive',
  debugfs: 'read write execute privilege !interactive @rw -* -R=code -f=r',
  'mount|umount|fusermount|swapon|swapoff|udisksctl|bindfs|sshfs|mount.nfs|mount.cifs|udiskie|udiskie-umount|systemd-mount':
    'privilege process @r,w -* -o=opt -t=any -B -a',
  mount:
    'process @r,w -* -o=opt+privilege -t=any+privilege -B/--bind+privilege -a/--all+privilege 0:+read',
  sshfs: 'network download upload @remote,w -* -o=opt',
  'umount|swapoff': 'process @r -* -f!force -l -R!recursive -a',
  'tar|bsdtar|gtar':
    'read dashless @r -c/--create+write -x/--extract/--get+write@any -t/--list@any -u/--update+write -r/--append+write -A+write -d/--diff -f/--file=remote -v/--verbose -z/--gzip -j/--bzip2 -J/--xz -a/--auto-compress --zstd --lzma -C/--directory=r -p/--preserve-permissions -P/--absolute-names!force -h -k -O/--to-stdout -w -T/--files-from=r -X/--exclude-from=r --exclude=any --strip-components=any --no-same-owner --same-owner --owner=any --group=any --numeric-owner --delete+delete+write --overwrite!force --wildcards --one-file-system --transform=sed -I/--use-compress-program=sh --to-command=sh --checkpoint=? --checkpoint-action=any+execute --rsh-command=sh+network+upload+download -F/--info-script/--new-volume-script=sh --rmt-command=sh --remove-files+delete -m --mode=any --format=any -g/--listed-incremental=rw -b=any -S -l -M -n -s=any -q -U --null --sort=any --mtime=any --warning=any --totals',
  zip: 'read write @w,r -* -r/--recurse-paths!recursive -m/--move+delete -d/--delete+delete -T/--test -TT/--unzip-command=sh -x=any -i=any -P/--password=any+secret -e -u -j -9 -q -b=w -O=w',
  'unzip|unrar|unar|unace|uncompress|ditto|cabextract|gunzip|bunzip2|unxz|unlzma|unzstd|unlz4|unsquashfs|uudecode|7zr|funzip':
    'read write @r,any -* -d/-o=w -K+permission+privilege -p -l -P=any -dest=w',
  unzip:
    'read write @r,any -* -d=w -K+permission+privilege -l -p -c -v -t -P=any -o!force -q -j -n -x=any',
  unsquashfs: 'read write permission @r,any -* -d/-dest=w -l -ll',
  'gzip|bzip2|xz|lzma|zstd|lz4|lzop|compress|pigz|pbzip2|brotli|lzip|pixz|zopfli|lrzip|plzip':
    'read write @rw -* -c/--stdout/--to-stdout@r -l/--list@r -t/--test@r -o=w -S/--suffix=any -d -k -f!force -r!recursive -T=any',
  'zcat|gzcat|bzcat|xzcat|lzcat|zstdcat|lz4cat|zipinfo|zipgrep|unzipsfx|funzip': 'read @r -*',
  '7z|7za|7zz|rar|arj|lha|zoo|ace|unace|patool|atool|aunpack|apack|jar|pax|cpio|ar|shar|xar|zipnote|zipsplit|mkisofs|genisoimage|xorriso|xorrisofs|mksquashfs|jlink|engrampa|file-roller|ouch|zpaq|arc|dar|chdman|makeself|asar|bup|borgmatic|duplicity|rdiff-backup|rsnapshot|bsdcpio|afio|pbzx|squashfs':
    'read write @any,rw -* -o=w -d=w -F=r',
  'cpio|pax':
    'read write @any -* -o -i -p -d -F/-f/--file=remote --rsh-command=sh -I=r -O=w -R/--owner=any+permission -r -w@r -D=w -H=any -E=r',
  pax: 'read write @r -* -f=rw',
  'ar|jar': 'read write @any,rw -*',
  'genisoimage|mkisofs|xorriso|xorrisofs': 'read write @r -* -o=w -V=any',
  mksquashfs: 'read write @r..w -* -comp=any -p=any -noappend!force',
  'sync|fsync|vmtouch|fadvise': 'read @r -*',
  rsync:
    'network @remote..remote -* -a/--archive!recursive -r/--recursive!recursive -e/--rsh=sh+execute --delete+delete --delete-after+delete --delete-before+delete --delete-during+delete --delete-excluded+delete --force!force --remove-source-files+delete -n/--dry-run!dryRun --rsync-path=sh+execute --exclude=any --include=any --files-from=r --password-file=r+secret --log-file=w --exclude-from=r --include-from=r -f/--filter=any --port=any --timeout=any --bwlimit=any --chmod=any+permission --chown=any+permission --link-dest=r --backup-dir=w --config=x --daemon+upload+download read write',
  rclone: 'verbs network upload download -* --config=r',
  'rdfind|rmlint|duperemove|fdupes|jdupes|czkawka_cli|bleachbit': 'read delete write @r -*',
  diffutils: 'read @r',
  'patch|git-apply|quilt':
    'read write @rw,r -* -p=any -i/--input=r -o/--output=w -d=w -R -N --dry-run!dryRun',
  logrotate:
    'read write execute delete @x -* -l/--log=w -s/--state=w -d/--debug!dryRun -f/--force!force',
  exiftool: 'read write @rw -* -filename=w -o=w -if=code -config=x',
  'convert|magick|mogrify|montage|identify|composite|gm|ffprobe|mediainfo|exiv2|jhead|eyeD3|mid3v2|jpegoptim|optipng|pngquant|ect|pngcheck|ffmpeg|sox|lame|flac|oggenc|cwebp|dwebp|avconv|mkvmerge|mkvextract|handbrakecli|yt-dlp|youtube-dl|mpv|vlc|mplayer|gifsicle|potrace|inkscape|rsvg-convert|svg2png|waifu2x-ncnn-vulkan|jpegtran|melt|play|rec|wf-recorder|scrot|maim|grim|import|asciinema|terminalizer|byzanz-record|gst-launch-1.0|timg|pixterm|lsix|chafa|viu|blender|gimp|povray|espeak|espeak-ng|say|festival|aplay|arecord|cdrecord|wodim|growisofs|tiv|img2txt|jp2a':
    'read write @rw -* -o=w -vf/-af/-filter_complex=any --exec=sh -i=r',
  'identify|ffprobe|mediainfo|pngcheck|timg|pixterm|lsix|chafa|viu|img2txt|jp2a|espeak|espeak-ng|say|aplay':
    'read @r -* -f=r',
  'ffmpeg|avconv':
    'read write execute unknown @w -* -i=r -f=any -af=any -vf=any -c=any -ss=any -t=any',
  'yt-dlp|youtube-dl':
    'network download write @url -* --exec=sh -o=w --config-location=x --batch-file=r',
  scrot: 'write @w -* -e/--exec=sh -d=any',
  gimp: 'execute read write !interactive @rw -* -b/--batch=code --batch-interpreter=any',
  'inotifywait|fswatch|inotifywatch|watchman': 'read @r -*',
  'zforce|updatedb': 'read write @rw -*',
};
