// Programs that start another program given as words, and what they add to it.

import type { Table } from '../spec.ts';

export const WRAPPERS: Table = {
  'sudo|sudo-rs':
    'privilege @cmd -u/--user=any -g/--group=any -h/--host=any -p/--prompt=any -C=any -D/--chdir=r -R/--chroot=r -T=any -U=any -r=any -t=any -E/--preserve-env=? -H -n -b -k -K -S -A -v -V -P -B -l+read -s/--shell+execute!interactive -i/--login+execute!interactive -e/--edit+write+execute!interactive 0:',
  'doas|run0|please|dzdo|pfexec|calife|ksu|gsudo':
    'privilege @cmd -u/--user=any -C=r -n -s+execute!interactive -L -e=sh -q -E -c=any 0:+execute!interactive',
  ksu: 'privilege execute @any -* -e=cmd -q -n=any -a=any',
  'pkexec|gksudo|gksu|kdesu|kdesudo|beesu|lxqt-sudo|sux':
    'privilege @cmd -u/--user=any --disable-internal-agent --keep-cwd 0:+execute!interactive',
  su: 'privilege @any -c/--command=sh -s/--shell=x -l/--login -m -p -P -g=any -G=any -w=any 0:+execute!interactive - -',
  runuser:
    'privilege @cmd -u/--user=any -c/--command=sh -s=x -l -g=any -G=any 0:+execute!interactive',
  'sg|newgrp': 'privilege @any,sh -c=sh - 0:+execute!interactive',
  'setpriv|capsh|unshare|nsenter|chroot|arch-chroot|schroot|firejail|bwrap|systemd-nspawn|proot|fakeroot|fakechroot|aa-exec|runcon|setarch|linux32|linux64|i386|x86_64|minijail0|nsjail|daemonize|jexec|lxc-attach|lxc-execute|choom|steamos-chroot|arch-nspawn|distrobox-enter|toolbox-enter|machinectl-shell|ip-netns-exec|sandbox-exec':
    'privilege @cmd -u/-U/--user=any -S/--setuid=any -G/--setgid=any -t/--target=any -p=? -r/--map-root-user -n/--adjust=any -f -m=? -a=any -p --reuid=any --regid=any --clear-groups --init-groups --bind=any,any --ro-bind=any,any --dev=any --proc=any --die-with-parent --unshare-all --profile=any 0:+execute!interactive -*',
  'fakeroot|aa-exec|setarch|linux32|linux64|choom|firejail|sandbox-exec':
    '@cmd -* -n/--adjust=any -p/--profile=any -f=r 0:+execute!interactive',
  'chroot|arch-chroot|steamos-chroot|arch-nspawn':
    'privilege @r,cmd -* --userspec=any --groups=any -u=any 0:+execute!interactive',
  capsh: 'privilege execute @any -* --gid=any --uid=any -- --user=any 0:!interactive -c=^sh',
  env: '@cmd -i/--ignore-environment -0/--null -u/--unset=any -C/--chdir=r -S/--split-string=sh -v/--debug --default-signal=? --ignore-signal=? --block-signal=? --list-signal-handling --argv0=any -a=any 0:+read+secret',
  'nohup|setsid|time|gtime|stdbuf|unbuffer|chronic|ts|pv-cmd|command|builtin|exec|nocache|eatmydata|catchsegv|ltrace|strace|dtruss|ktrace|valgrind|heaptrack|rlwrap|socksify|torsocks|torify|tsocks|proxychains|proxychains4|dbus-run-session|dbus-launch|xvfb-run|xinit|startx|cgexec|tini|dumb-init|catatonit|gosu|su-exec|with-contenv|s6-setuidgid|chpst|softlimit|envdir|envuidgid|setuidgid|caffeinate|systemd-inhibit|gnome-session-inhibit|multitime|hyperfine|perf-record|grc|faketime|fakecpuid|luit|script-exec|sshpass|pexec|logsave|setlock|setuid|oniux|pasuspender|vglrun|optirun|primusrun|gamemoderun|mangohud|prime-run|doppler-run|ld.so|ld-linux-x86-64.so|ld-linux-x86-64|busctl-exec|kool|op-run|aws-vault-exec|dotenv|direnv-exec|chamber-exec|envchain|gdbserver|autoexpect|expect-exec|noglob|nocorrect|coproc|daemon|cronic|sem|parallel-moreutils|tmutil-exec|ifne|zsh-defer|nix-shell-run|flatpak-spawn|host-spawn|distrobox-host-exec|retry|unsudo|entr|reptyr|prlimit|cmdtime|pipexec|sniproxy|nice-exec|withlock|xdotool-exec|firejail-exec|chrpath-exec':
    '@cmd -o/--output=w -e/--trace=any -i/--input=any -p -u -P=any -f -q -s=any -a=any -c=any -d=any -w -v -l=any -n=any --tool=? -* 0:',
  'time|gtime': '@cmd -p -o/--output=w -a -f/--format=any -v -q 0:',
  'nohup|setsid|chronic|command|builtin|exec|noglob|nocorrect':
    '@cmd -p -v+read -V+read -f -w -c -l -a=any 0:+read',
  exec: '@cmd -a=any -c -l 0:',
  command: '@cmd -p -v+read@any -V+read@any 0:+read',
  stdbuf: '@cmd -i/--input=any -o/--output=any -e/--error=any',
  'strace|ltrace|dtruss':
    'read @cmd -* -o=w -e=any -p=any+process -s=any -S=any -u=any+privilege -E=set -F=r -a=any -n=any -P=any -f -I=any',
  'valgrind|heaptrack': '@cmd -* --log-file=w 0:',
  'logsave|setlock|flock': 'write @w,cmd -* -w=any -c=^sh -E=any -n -u -x -s -e -o',
  flock: '@w,cmd -c/--command=^sh -w/--timeout=any -E=any -n -u -x -s -e -o -F -v',
  'pexec|sem': '@cmd -* -p=any -e=any -n=any',
  sshpass: 'secret @cmd -p=any -f=r -d=any -e -P=any -v',
  'gosu|su-exec|setuidgid|chpst|s6-setuidgid|envuidgid': 'privilege @any,cmd -* -u=any',
  'doppler|op|aws-vault|chamber|infisical|dotenvx|envchain': 'secret sub -* @opaque',
  'doppler|op|aws-vault|chamber|infisical|dotenvx run|exec':
    'secret @cmd -* --command=sh -p=any -c=any',
  'doppler|op|aws-vault|chamber|infisical|dotenvx list|ls|read|item|secrets|get|vault|document|history|env|export':
    'secret read @any -*',
  'timeout|gtimeout':
    '@any,cmd -k/--kill-after=any -s/--signal=any --preserve-status --foreground -v -p -f',
  'nice|ionice|chrt|taskset|numactl|cpulimit|schedtool|renice|uclampset':
    '@cmd -n/--adjustment=any -c/--class=any -p/--pid=any+process -l/--limit=any -f -e=any -i -m=? -a -r -o -b -t -z -P=any -u=any+process -N=any -C=any -T=any -P=any -D=any --cpunodebind=any --membind=any 0:+read -*',
  nice: '@cmd -n/--adjustment=any 0:+read',
  'chrt|taskset': '@any,cmd -* -p=any+process -c -a -m+read -f -r -o -b -i 0:+read',
  renice: 'process @any -*',
  cpulimit:
    '@cmd -l/--limit=any -p/--pid=any+process -e=any+process -P=any+process -f -z -i -b -v -m 0:',
  xargs:
    '@cmd -0/--null -r/--no-run-if-empty -t/--verbose -p -x -o/--open-tty -I=any -i=? -l=? -L/--max-lines=any -n/--max-args=any -P/--max-procs=any -s=any -d/--delimiter=any -E=any -e=? -a/--arg-file=r --process-slot-var=any -J=any -R=any -S=any --show-limits 0:+read',
  parallel:
    '@cmd -* -j/--jobs=any -a=r -S=host+network --colsep=any -N=any -n=any -I=any 0:+execute!interactive',
  'watch|viddy|hwatch':
    '@rcmd -n/--interval=any -d=? -t -c -x/--exec -b -e -g -p -r -w -q=any -D=any 0:',
  entr: '@cmd -c -r -s -p -d -n -z -x -a',
  'script|scriptreplay|ttyrec|asciinema-rec|termtosvg':
    'write @w -* -c/--command=sh -q -a -f -e -t=? 0:+execute!interactive',
  scriptreplay: 'read @r -*',
  'screen|tmux|tmate|byobu|zellij|dtach|abduco|dvtm|shpool|tmuxinator|mosh-server':
    'execute write !interactive @opaque -* -f=r -S=r -L=? -c=x -Logfile=w sub',
  'screen|dtach|abduco':
    'execute write !interactive @cmd -* -S=any -L -Logfile=w -d -m -r=? -x=? -X=cmd -c=x -t=any -p=any',
  'tmux|tmate': 'execute !interactive sub -f=r -S=r -L=any -c=sh -2 -u -v -C -l -N',
  'tmux|tmate new|new-session|neww|new-window|splitw|split-window|respawn-pane|popup|display-popup|run|run-shell|if-shell|pipe-pane':
    'execute @rcmd -* -s=any -n=any -c=r -t=any -x=any -y=any -F=any -e=set',
  'tmux|tmate send|send-keys|source|source-file|attach|attach-session|a|at|bind|bind-key|set-hook|command-prompt':
    'execute unknown @opaque -* -t=any',
  'tmux|tmate ls|list-sessions|lsw|list-windows|lsp|list-panes|display|display-message|show|show-options|capture-pane|capturep|has-session|has|info|lsk|list-keys':
    'read @any -* -t=any -p -S=any',
  'tmux|tmate kill-session|kill-server|kill-window|kill-pane|rename-session|rename|set|set-option|setw|select-window|select-pane|detach|switch-client|resize-pane':
    'process @any -* -t=any',
  'at|batch': 'execute @any -* -f=x -l+read -d+delete -c+read -t=any -q=any -m -M 0:!interactive',
  'atq|atrm': 'read @any -*',
  atrm: 'delete @any -*',
  'watchexec|nodemon|reflex|chokidar|onchange|guard|entr|modd|air|when-changed':
    'execute @cmd -* -x/--exec=sh -w=r -e=any -i=any -c=any',
  'start-stop-daemon':
    'process execute @any -* -S/--start -K/--stop -x/--exec/-a/--startas=cmd -p=w -u=any -n=any -c=any+privilege',
  'systemd-run':
    'process @cmd -p/--property=any -u/--unit=any --uid=any+privilege --gid=any+privilege -S/--shell+execute!interactive -t/--pty -P/--pipe -q -d --user --scope --slice=any --on-calendar=any -E/--setenv=set --description=any --wait --collect -r -G -M=any -H=host -*',
  'run-parts': 'execute @r -* --arg=any -a=any --test!dryRun --list!dryRun --regex=any -u=any',
  'open|xdg-open|start|gnome-open|kde-open|see|run-mailcap|mimeopen|sensible-browser|sensible-pager|xdg-email|xdg-user-dir|gio':
    'read execute write !interactive @r -*',
  'xdg-user-dir': 'execute @code -*',
  'xterm|gnome-terminal|konsole|alacritty|kitty|wezterm|terminator|st|urxvt|rxvt|foot|lxterminal|xfce4-terminal|tilix|terminology|guake|yakuake|ghostty|openvt|cu|minicom|microcom|tip|picocom':
    'execute !interactive @opaque -* -e/-x/--command=cmd -S=x',
  openvt: 'execute @cmd -* -c=any',
  'cu|minicom|microcom|tip|picocom': 'execute network !interactive @any -* -S=x -D=any',
  'xdotool|ydotool|wtype|xte|dotool|xvkbd': 'execute sub @opaque -*',
  'xdotool exec': 'execute @cmd -* --sync --terminator=any',
  'codex|claude|copilot|gemini|aider|cursor-agent|opencode|goose|openclaw|llm|sgpt|droid|zeroclaw':
    'execute network upload !interactive @opaque -* sub',
  'codex|claude|copilot|gemini|opencode sandbox|exec|run|-p': 'execute network @opaque -*',
  'plymouth|zenity|dialog|whiptail|kdialog|yad|rofi|dmenu|fzf|gum|wofi|sk|peco|percol':
    'read @any -* --textbox=r --command=sh --preview=sh --bind=code --execute=sh',
  'dialog|whiptail': 'read @any -* --textbox=r,any,any --file=r --scrolltext=?',
  'zathura|evince|okular|mupdf|xpdf|feh|sxiv|eog|nsxiv|imv|qpdfview|fbi|links|w3m|lynx|elinks|links2|browsh|firefox|chromium|google-chrome|brave|opera|epiphany|surf|qutebrowser|netsurf':
    'read execute network !interactive @url -* -x=sh -dump -dump_links --proxy=any',
  'links|w3m|lynx|elinks|links2':
    'read network download execute !interactive @url -* -dump -source -O=any',
  'zathura|feh|evince|mupdf|sxiv': 'read execute !interactive @r -* -A=sh -c=r',
  xpad: 'read write !interactive @r -* -f=r -N',
  'wish|xwish': 'execute !interactive @x,opaque -*',
  mosh: 'network execute @host,rcmd -* --ssh=sh --server=sh -p=any 0:!interactive',
  rlwrap: '@cmd -* -f=r -a=? -C=any -H=w -S=any',
  'busctl|dbus-send|gdbus|qdbus':
    'process verbs -* --address=any+execute --host=host --machine=any',
  cdist: 'execute network sub @opaque -*',
  'cdist shell': 'execute @any -* -s=sh',
  'task|just|mask|doit|earthly|mage|rake-task|run|duty|poe|nox|cargo-make|act':
    'execute @opaque -*',
  msgfilter: 'read @cmd -* -i/--input=r -o=w -P -D=r',
  'dhclient|dhcpcd|udhcpc':
    'network privilege process @any -* -sf/--script=sh -s=sh -cf=r -lf=w -pf=w',
  'xinetd|inetd|tcpd|tcpserver|udpsvd|tcpsvd|socket|ucspi':
    'network execute upload download @opaque -* -s/-p/-l/-e/-svp=sh',
  socket: 'network execute upload download @opaque -* -p=sh -s -v -svp=sh',
  'bconsole|asterisk|fs_cli|conky|cpan|msfconsole|metasploit|byebug|ginsh|hping3|jtag|tdbtool|ghidra|radare2|r2|rizin|crash|scli|setroubleshoot|xcmd|genie|gtester|facter|unixodbc|genius|dosbox|wine':
    'execute !interactive @opaque -*',
  hping3: 'network execute !interactive @host,any -*',
  'wait4x|wait-for-it|wait-for-it.sh|dockerize|wait-on': 'network execute @opaque -*',
};
