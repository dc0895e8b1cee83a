// The machine itself: services, users, jobs, boot, kernel, logs.

import type { Table } from '../spec.ts';

export const SYSTEM: Table = {
  systemctl:
    'sub --user --system -H/--host=host+network -M=any -q/--quiet -a/--all -t/--type=any --state=any --no-pager -l/--full -n/--lines=any -o/--output=any -p/--property=any --failed --no-legend --plain --root=r --now -f/--force!force --no-block --value -s/--signal=any -r --dry-run!dryRun --runtime --global --no-reload --wait -i --kill-whom=any --no-wall --no-ask-password --message=any --job-mode=any --with-dependencies --reverse --before --after --type=any --image=r --what=any 0:+read',
  'systemctl status|show|list-units|list-unit-files|list-timers|list-sockets|list-dependencies|list-jobs|list-machines|list-paths|list-automounts|is-active|is-enabled|is-failed|is-system-running|cat|get-default|help|show-environment|whoami|service-log-level|service-log-target':
    'read @any',
  'systemctl start|stop|restart|reload|try-restart|reload-or-restart|try-reload-or-restart|kill|freeze|thaw|isolate|daemon-reload|daemon-reexec|reset-failed|cancel|clean|poweroff|reboot|halt|suspend|hibernate|hybrid-sleep|suspend-then-hibernate|rescue|emergency|default|exit|kexec|soft-reboot|switch-root|log-level|condstop|condrestart|bind|mount-image':
    'process @any -*',
  'systemctl enable|disable|mask|unmask|preset|preset-all|reenable|link|revert|set-property|set-default|add-wants|add-requires|set-environment|unset-environment|import-environment':
    'process write @any -*',
  'systemctl edit': 'process write execute !interactive @any -* --stdin',
  'systemctl clean': 'process delete @any -*',
  service: 'process execute @any -* --status-all+read',
  'rc-service|rc-update|rc-status|update-rc.d|chkconfig|invoke-rc.d|sv|svcadm|svcs|initctl|stop|restart|insserv|sysv-rc-conf|rcctl|systemd-sysusers|systemd-tmpfiles|systemd-firstboot|systemd-machine-id-setup|bootctl|grub-install|grub-mkconfig|update-grub|grub2-mkconfig|grub-editenv|grub-reboot|efibootmgr|efivar|limine|limine-install|kernel-install|dracut|mkinitcpio|update-initramfs|depmod|modprobe|insmod|rmmod|kexec|shutdown|reboot|poweroff|halt|init|telinit|pm-suspend|pm-hibernate|rtcwake|ldconfig|update-desktop-database|update-mime-database|authselect|pam-auth-update|locale-gen|localedef|localectl|timedatectl|loginctl|hwclock|tzselect|systemsettings|gsettings|dconf|defaults|xfconf-query|kwriteconfig5|kwriteconfig6|plasma-apply-wallpaperimage|nvram|csrutil|spctl|pmset|systemsetup|scutil|dscl|sysadminctl|dseditgroup|tmutil|tuned-adm|powerprofilesctl|cpupower|chcpu|x86_energy_perf_policy|setterm|setfont|loadkeys|showkey|setxkbmap|xrandr|xset|xinput|autorandr|wpctl|pactl|pacmd|amixer|alsactl|brightnessctl|light|bluetoothctl|hciconfig|envycontrol|dm-tool|gdm-stop|steamos-factory-reset|sdparm|smartctl|nvme|fio|stress|stress-ng|ipmitool|i2cset|i2cdetect|setpci|ddcutil|openrgb|liquidctl|fancontrol|sensors-detect|cntr|swaymsg|i3-msg|hyprctl|niri|awesome-client|wmctrl|bspc|qtile|kscreen-doctor|crontab-ui':
    'process write privilege @any -* -a -f=r -c=r',
  'timedatectl|localectl|loginctl|bootctl': 'sub -* 0:+read',
  'timedatectl|localectl|loginctl|bootctl status|show|list-timezones|timesync-status|show-timesync|list-locales|list-keymaps|list-sessions|list-users|list-seats|session-status|user-status|seat-status|show-session|show-user|show-seat|list|is-installed':
    'read execute !interactive @any -*',
  'timedatectl|localectl|loginctl|bootctl set-time|set-timezone|set-ntp|set-local-rtc|set-locale|set-keymap|set-x11-keymap|lock-session|unlock-session|lock-sessions|terminate-session|terminate-user|kill-session|kill-user|enable-linger|disable-linger|activate|attach|install|update|remove|set-default|set-oneshot|random-seed|flush-devices':
    'process write privilege @any -*',
  timedatectl: 'sub read -* 0:+read+execute!interactive',
  'rc-status|svcs|smartctl|xrandr|xset|xinput|ipmitool|pactl|wpctl|efivar|i2cdetect|gsettings|dconf|defaults|brightnessctl|hwclock':
    'read process @any -*',
  'rc-status|svcs|i2cdetect|showkey': 'read @any -*',
  'shutdown|reboot|poweroff|halt': 'process @any -* -c -h -r -P -H -k -f!force',
  'journalctl|logwatch|ausearch|aureport|lastcomm|sa|logcli|multitail|swatch|ccze|log|vgdisplay|lvs|vgs|pvs|lvdisplay|pvdisplay|lvscan|pvscan|vgscan|zfs-list|ipmctl':
    'read @any -* --vacuum-size/--vacuum-time/--vacuum-files=any+delete --rotate+write --flush+write -u/--unit=any --since=any --until=any -n=any -p=any -o/--output=any -D/--directory=r --file=r --root=r -t=any -g=any --update-catalog+write --setup-keys+write+secret',
  'coredumpctl debug|gdb|dump': 'read execute @any -* -o=w --debugger=sh',
  'useradd|adduser|userdel|deluser|usermod|groupadd|addgroup|groupdel|delgroup|groupmod|gpasswd|chage|passwd|chpasswd|newusers|pwck|grpck|pwconv|pwunconv|newuidmap|newgidmap|homectl|userdbctl|realm|adcli|net|samba-tool|smbpasswd|pdbedit|wbinfo|faillock|pam_tally2|lchage|luseradd|sss_useradd|ipa|kadmin.local|sacctmgr|scontrol|register_new_matrix_user|synapse_register_new_matrix_user|auditctl|augenrules|aa-enforce|aa-complain|aa-disable|aa-audit|aa-genprof|aa-logprof|aa-update-browser|apparmor_parser|aa-status|polkit|pkaction|pkcheck|setup-alpine|fprintd-enroll|fprintd-delete|fprintd-verify|usbguard':
    'permission privilege write @any -* -r+delete -p=any+secret',
  'userdbctl|wbinfo|aa-status|pkaction|pwck|grpck|scontrol|fprintd-verify': 'read @any -*',
  crontab:
    '@x -e+write+execute!interactive -l+read -r+delete -u=any+privilege -i -s 0:+write+execute!interactive',
  'crontab-list': 'read @any',
  'systemd-cat': 'write @cmd -* -t=any -p=any',
  'systemd-notify|sd_notify': 'process @any -*',
  'scancel|sattach|sbcast|strigger|sdiag|sprio|sshare|sstat|qdel|bkill': 'process @any -*',
  'sdiag|sprio|sshare|sstat': 'read @any -*',
  'sc|schtasks|taskkill|reg|regedit|wmic|net-user|bcdedit|vssadmin|icacls|cacls|takeown|attrib|cipher|rundll32|regsvr32|mshta|msiexec|installutil|cscript|wscript|bitsadmin|forfiles|powershell_ise|diskshadow|esentutl|wevtutil|fsutil|sfc|dism|del|erase|rd|xcopy|robocopy|move|ren|start-process|invoke-expression|Invoke-WebRequest|Remove-Item|Set-NodeVersion':
    'process write execute privilege @opaque -*',
  'osascript|automator|shortcuts|script-editor|jxa':
    'execute @x,opaque -* -e=code~ -l=any <=code 0:+execute!interactive',
  'xclip|xsel|wl-copy|wl-paste|pbcopy|pbpaste|clip|clipcopy|clippaste|copyq|greenclip|parcellite':
    'read write @r -* -selection=any -o -i -sel=any',
  'acct|accton|quotaon|quotaoff|setquota|edquota': 'process write @any -*',
  'opcache|snmptrap|snmpset|racadm|hpasmcli|megacli|storcli|arcconf':
    'process write privilege network @any -*',
  'kamailio|kamctl|opensips-cli': 'execute process network @opaque -* -x=code',
  'apport-cli|bashbug|perlbug|reportbug|ubuntu-bug|sosreport|sos|apport-collect|abrt-cli|drkonqi':
    'read write network upload execute !interactive @opaque -* -f -e=sh',
  'ebook-convert|zic|tic|infocmp|toe|captoinfo|tzdata':
    'read write @r -* -d=w -o=w -y/--yearistype=sh+execute -C -L=r -p=r -l=any -t=any',
  'tic|infocmp': 'read write @r -* -o=w',
  zic: 'read write execute @r -* -d=w -y=sh -l=any -p=any -b=any -L=r',
  coredumpctl: 'sub -* -o=w 0:+read',
  'coredumpctl list|info': 'read @any -*',
};
