// Programs that read files and print.

import type { Table } from '../spec.ts';

export const TEXT: Table = {
  'cat|tac|nl|rev|wc|cksum|sum|md5sum|sha1sum|sha224sum|sha256sum|sha384sum|sha512sum|b2sum|shasum|strings|fmt|fold|expand|unexpand|column|colrm|pr|ul|look|paste|comm|join|cmp|tsort|ptx|hexdump|hd|od|base32|base64|base58|basenc|basez|bat|batcat|xmore|redcarpet|soelim|zsoelim|eqn|tbl|pic|neqn|refer|grap|highlight|pygmentize|cloc|tokei|scc|ascii-xfr|atobm|uuencode|ascii|hexyl|colcrt|ministat|msgcat|msgconv|msgmerge|msguniq|xmodmap|urlget|yara|yarac|tspin|fx|csvcut|csvlook|csvstat|csvgrep|xsv|mlr|gron|glow|mdcat|delta|difft|sdiff|colordiff|wdiff|diff3|zdiff|zcmp|bzdiff|xzdiff':
    'read @r -* -n=any -c=any -w=any -d=any -o=w -f=any -s=any -t=any -C=any',
  'head|tail': 'read @r -* -n/--lines=any -c/--bytes=any -s=any --pid=any',
  cut: 'read @r -* -d/--delimiter=any -f/--fields=any -c=any -b=any --output-delimiter=any',
  'tr|seq|numfmt|factor|expr|bc|dc|units|cal|ncal|qalc|figlet|toilet|lolcat|fortune|ascii|shuf|jot|pwgen|apg|uuidgen|openssl-rand|semver|uuidparse|cidr|ipcalc|getconf|locale|true|false|test|[|[[|:|sleep|yes|basename|dirname|nproc|arch|banner|cowsay|cowthink|tput|stty|clear|reset|getopt|printf|echo|print|wait|shift|return|break|continue|exit|times|getopts|help|jobs|disown|logger|beep|leave|wtf|calc|hr|unimatrix|cmatrix|sl|hollywood|hashid|trans':
    'read @any -*',
  'bc|dc': 'read @r -* -e=any -f=r -s',
  'cowsay|cowthink': 'read @any -* -f=x',
  shuf: 'read @r -e -i=any -n=any -o/--output=w -r -z --random-source=r',
  sort: 'read @r -* -k/--key=any -t/--field-separator=any -o/--output=w -T/--temporary-directory=w -S=any --compress-program=sh --files0-from=r --parallel=any',
  uniq: 'read @r,w -* -f=any -s=any -w=any',
  split:
    'read write @r,w -* -b=any -l=any -n=any -C=any -a=any --filter=sh --additional-suffix=any -d -t=any',
  csplit: 'read write @r,any -* -f=w -b=any -n=any',
  'grep|egrep|fgrep|zgrep|zegrep|zfgrep|bzgrep|xzgrep|rg|ag|ack|pdfgrep|agrep|vgrep|ugrep|sift|pt':
    'read @any,r -* -e/--regexp=any~ -f/--file=r~ -r/-R/--recursive!recursive -A=any -B=any -C=any -m=any --include=any --exclude=any --exclude-dir=any -g/--glob=any -t/--type=any -T=any --pre=sh --files~ --max-count=any --color=? --sort=any --hostname-bin=sh',
  'ls|dir|vdir|eza|exa|lsd|tree|stat|file|du|df|dust|duf|dutree|ncdu|readlink|realpath|pathchk|namei|lsattr|getfacl|lsof|fuser|cksum|mountpoint|findmnt|dfc|lsar|broot|erd':
    'read @r -* -I=any -L=any --ignore=any -P=any -m/--magic-file=r',
  tree: 'read @r -* -o=w -L=any -I=any -P=any -R',
  ncdu: 'read @r -* -o=w -f=r execute !interactive',
  fuser: 'read @r -* -k+process -SIGNAL+process',
  file: 'read @r -* -m/--magic-file=r -f/--files-from=r -C+write',
  date: 'read @any -* -d/--date=any -f/--file=r -r/--reference=r -s/--set=any+process -u -I=? -R',
  find: 'read @r -name/-iname/-path/-ipath/-wholename/-iwholename/-regex/-iregex/-type/-xtype/-size/-mtime/-mmin/-atime/-amin/-ctime/-cmin/-user/-group/-uid/-gid/-perm/-maxdepth/-mindepth/-printf/-regextype/-links/-lname/-ilname/-inum/-fstype/-used/-context/-D=any -newer/-anewer/-cnewer/-samefile/-newermt/-newerct=any -files0-from=r -exec/-execdir/-ok/-okdir=cmd; -delete+delete!recursive -fprintf=w,any -fprint/-fprint0/-fls=w -print/-print0/-ls/-prune/-quit/-depth/-d/-mount/-xdev/-not/-a/-and/-o/-or/-empty/-executable/-readable/-writable/-daystart/-follow/-L/-H/-P/-true/-false/-noleaf/-nouser/-nogroup/-ignore_readdir_race/-warn/-nowarn/-O1/-O2/-O3/-E/-X',
  'fd|fdfind':
    'read @any,r -* -e/--extension=any -t/--type=any -d/--max-depth=any -E/--exclude=any -x/--exec/-X/--exec-batch=cmd -S=any',
  'which|whereis|type|command-v|whatis|apropos|whence|where': 'read @any -*',
  'jq|gojq|jaq':
    'read @any,r -* -f/--from-file=r~ --arg=any,any --argjson=any,any --slurpfile=any,r --rawfile=any,r --indent=any -L=r --args --jsonargs -n -r -e -c -s -S -R -j -a -C -M',
  yq: 'read @any,r -* -i/--inplace+write@rw -o=any -p=any',
  'xmllint|xml|xmlstarlet|dasel|jc|htmlq|pup|yj|tomlq|hxselect|jless|csvjson|in2csv|csvsort|csvjoin|datamash|csvkit|csv-diff|textql|tsv-filter|keep-header|htop-json':
    'read @r -* --output=w -o=w --xpath=any',
  'xml|textql|csvsql|htmlq|pup|dasel|datamash|tsv-filter|keep-header':
    'read @any,r -* -f=any -s=any -i=any',
  csvtool: 'read @any,any,r -o=w -t=any -u=any sub',
  'csvtool call': 'execute @sh,r',
  'csvtool trim|col|namedcol|cat|head|take|drop|readable|width|height|join|square|pastecol|transpose|sub|format':
    'read @any,r -o=w -t=any -u=any',
  diff: 'read @r -* -U=any -u -W=any --exclude=any -x=any -r/--recursive!recursive --to-file=r --from-file=r',
  'awk|gawk|mawk|nawk|original-awk|goawk|bioawk':
    'read 0: @awk,r -F=any -v/--assign=any -f/--file=x~ -E/--exec=x~ -e/--source=awk~ -i/--include=x -l/--load=x -o=? -d=? -D=? -p=? -S/--sandbox -W=any --csv -b -M -n -N -O -P -r -s -t -V --version --',
  'sed|gsed|ssed':
    'read @sed,r -n/--quiet/--silent -e/--expression=sed~ -f/--file=x~ -i/--in-place=?+write@rw -I=?+write@rw -E/-r/--regexp-extended -s/--separate -z/--null-data -u/--unbuffered -l/--line-length=any --posix --debug --follow-symlinks --sandbox --help --version -b',
  iconv: 'read @r -* -f/--from-code=any -t/--to-code=any -o/--output=w -c',
  xxd: 'read @r,w -* -r -p -l=any -s=any -c=any -g=any -o=any',
  'dos2unix|unix2dos|mac2unix': 'read write @rw -* -n -O@r',
  envsubst: 'read secret @any -*',
  tee: 'read write @w -* -a/--append -i',
  sponge: 'write @w -a',
  'less|more|most|pg|zless|zmore|bzless|bzmore|xzless|lnav|lv|moar':
    'read write execute !interactive @r -*',
  'man|info|yelp|tldr|cheat|surfraw':
    'read execute !interactive @r -* -P/--pager=sh -C/--config-file=r -H=? -l -K',
  'tldr|cheat|kjv': 'read @any -*',
  'vi|vim|nvim|view|rview|rvim|vimdiff|gvim|ex|rnano|nano|pico|emacs|emacsclient|ed|red|mg|jed|joe|micro|hx|helix|kak|ne|mcedit|ee|nedit|gedit|kate|subl|code|code-insiders|ispell|aspell|hunspell|hexedit|bvi|vis|amp|ox|kibi|jmacs|zile|tilde|dte|fresh|mousepad|pluma|leafpad|featherpad|geany|atom|webstorm|ghex|hexer|wordgrinder|ranger|mc|nnn|lf|vifm|yazi|clifm|sensible-editor|editor|edit':
    'read write execute !interactive @rw -* -c/--cmd=code -S/-u/-U=x --eval/-eval=code -l/--load=x -s/--speller=sh -f=any --conf=r',
  'code|code-insiders': 'read write execute !interactive @rw -* sub',
  'code|code-insiders tunnel|serve-web': 'execute network upload download @any -*',
  'visudo|vipw|vigr|sudoedit': 'write execute privilege permission !interactive @rw -* -f=rw',
  aspell: 'read execute write !interactive @rw -* --conf=r -c=rw --add-extra-dicts=r',
  'glances|top|htop|btop|atop|iotop|iftop|nethogs|bpytop|powertop|procs|bmon|nmon|bashtop|gotop|btm|k9s|ctop|lazygit|lazydocker|tig|dry|amdgpu_top|nvtop':
    'read process execute !interactive @any -*',
  top: 'read 0:+process+execute!interactive @any -b -n=any -p=any -o=any -u=any -d=any -c -H -i -1 -E=any -e=any -w=?',
  'ps|pwd|procs|pgrep|pidof|pstree|pmap|uptime|who|w|whoami|id|groups|users|last|lastb|lastlog|lslogins|free|vmstat|iostat|mpstat|sar|dstat|nstat|uname|hostname|hostnamectl|arch|lscpu|lsblk|lsmem|lspci|lsusb|lshw|lsmod|modinfo|dmidecode|inxi|neofetch|fastfetch|screenfetch|onefetch|rfetch|lsb_release|sw_vers|system_profiler|tty|logname|printenv-names|ipcs|lsipc|lsns|lslocks|lsscsi|blkid|getent|acpi|sensors|cpuid|vnstat|pwdx|runlevel|lstopo|numactl-show|upower|hwinfo|xrandr-query|locale|quota|repquota|sinfo|squeue|sacct|fincore|uuidparse|nvidia-smi|rocm-smi|tload|slabtop|pidwait|prtstat|chage-l|faillog|ac|utmpdump|efibootmgr-v|osqueryi-schema|is-up|lsinitrd|systemd-cgls|systemd-cgtop|systemd-analyze|systemd-detect-virt|systemd-delta|systemd-path|systemd-id128|systemd-escape|xprop|xwininfo|xlsclients|xdpyinfo|drm_info|glxinfo|vulkaninfo|pactl-list|vdpauinfo|clinfo|lsgpu|fc-list|fc-match|fc-pattern':
    'read @any -*',
  'fastfetch|neofetch': 'read @any -* -c/--config=x --ascii=r --source=r',
  'hostname|hostnamectl': 'read @any -* -F/--file=r+write sub 0:+read',
  hostname: 'read @any -*',
  'hostnamectl set-hostname|hostname|set-deployment|set-icon-name|set-chassis|set-location':
    'write process @any -*',
  'hostnamectl status': 'read',
  'last|lastb': 'read @any -* -f/--file=r',
  arp: 'read @any -* -f/--file=r -s/--set=any+process -d/--delete=any+process',
  'pidstat|perf-stat': 'read @any -* -e=cmd',
  dmesg: 'read @any -* -F/--file=r -C/--clear+delete -c/--read-clear+delete -n=any+process',
  sysctl: 'read @any -* -w/--write+process+write -p/--load=r+process+write --system+process+write',
  'printenv|env-names': 'read secret @any -*',
  history: 'read @any -* -c+delete -d=any+delete -r=r -w=w -a=w -n=r -p -s',
  dstat: 'read @any -*',
  'locate|slocate|plocate|mlocate': 'read @any -* -u+write -U=r+write -c+write -d=r -o=w',
};
