// Programs that speak to other machines.

import type { Table } from '../spec.ts';

export const NETWORK: Table = {
  curl: 'network download @url -o/--output=w -O/--remote-name+write -J/--remote-header-name --remote-name-all+write --output-dir=w -d/--data/--data-ascii/--data-binary=body --data-raw=any+upload --data-urlencode/--json/--url-query=body -F/--form=body --form-string=any+upload -T/--upload-file=r+upload -X/--request=any -H/--header=any -A/--user-agent=any -e/--referer=any -u/--user=any+secret -U/--proxy-user=any+secret --oauth2-bearer=any+secret -b/--cookie=any -c/--cookie-jar=w -x/--proxy=host --socks5/--socks5-hostname/--socks4/--preproxy=host -K/--config=x -E/--cert=r+secret --key=r+secret --cacert/--capath=r --pass=any+secret -k/--insecure!force -L/--location -i/--include -I/--head -s/--silent -S/--show-error -f/--fail -v/--verbose -g/--globoff -G/--get -N/--no-buffer -n/--netrc+secret --netrc-file=r+secret -m/--max-time=any --connect-timeout=any --retry=any --retry-delay=any --retry-max-time=any --retry-all-errors --compressed -w/--write-out=any -r/--range=any -C/--continue-at=any -z/--time-cond=any -D/--dump-header=w --trace/--trace-ascii/--stderr/--libcurl/--etag-save/--hsts/--alt-svc=w --etag-compare=r --engine=x -Q/--quote=any+write --resolve/--connect-to=any --interface=any --dns-servers=host --doh-url=url --url=url -4 -6 -0 --http1.0 --http1.1 --http2 --http3 -1 -# --progress-bar --no-progress-meter --limit-rate=any --create-dirs+write -R -l -a+upload -B -p -P=any -t=any -Z --parallel --parallel-max=any --max-redirs=any --max-filesize=any --fail-with-body --fail-early --tlsv1.2 --tlsv1.3 --ciphers=any --unix-socket=r -q/--disable -V/--version -h/--help -j --path-as-is --aws-sigv4=any --post301 --location-trusted+secret --variable=any --expand-url=url --keepalive-time=any --mail-from/--mail-rcpt=any+upload --krb=any --ntlm --basic --digest --negotiate --anyauth --ssl-reqd --tcp-nodelay --proto=any --styled-output --no-styled-output --raw --remote-time --skip-existing',
  'wget|wget2':
    'network download write @url -O/--output-document=w -o/--output-file=w -a/--append-output=w -P/--directory-prefix=w -i/--input-file=r --post-data/--body-data=any+upload --post-file/--body-file=r+upload --method=any --header=any --user=any --password=any+secret --use-askpass=x+execute -e/--execute=any+execute --config=x -q/--quiet -v -nv/--no-verbose -c/--continue -N/--timestamping -r/--recursive!recursive -m/--mirror!recursive -l/--level=any -np/--no-parent -nc/--no-clobber -nd -nH -p/--page-requisites -k/--convert-links -E -H -K -A/--accept=any -R/--reject=any -D/--domains=any -t/--tries=any -T/--timeout=any -w/--wait=any --random-wait --limit-rate=any -U/--user-agent=any --referer=any --load-cookies=r --save-cookies=w --certificate/--private-key=r+secret --ca-certificate=r --no-check-certificate!force -S/--server-response --spider -b/--background -4 -6 -Q=any --show-progress --progress=any --content-disposition --cut-dirs=any --trust-server-names -x --max-redirect=any --warc-file=w --compression=any --no-cookies --no-hsts --hsts-file=w -V -h -d --preferred-location=any --waitretry=any --retry-connrefused --delete-after --no-proxy --backups=? --ask-password --keep-session-cookies --no-cache --no-dns-cache --input-metalink=r --metalink-over-http',
  'wcurl|aria2c|axel|lwp-download|lftpget|snarf|httrack|zsync|apkeep|deb-get|urlgrabber|pget|puf|xh-download|smbget|rtmpdump|gdown|curlie-download|transfersh|ytfzf|ani-cli|fetch|lwp-mirror':
    'network download write @url,w -* -o/-O/--out=w -d/--dir=w -i/--input-file=r --on-download-complete/--on-download-error/--on-download-start/--on-download-stop/--on-download-pause/--on-bt-download-complete=sh+execute --conf-path=x -T=any -x=any -s=any',
  aria2c:
    'network download write @url -* -o/--out=w -d/--dir=w -i/--input-file=r --on-download-complete/--on-download-error/--on-download-start/--on-download-stop/--on-download-pause/--on-bt-download-complete=sh+execute --conf-path=x -T=any -x=any -s=any',
  zsync: 'network download write @url -* -o=w -i=r',
  'http|https|httpie|xh|xhs|curlie|lwp-request|httpx|hurl|bruno|restish|GET|POST|HEAD|twurl|grpcurl|evans|websocat|wscat':
    'network download @opaque -* -d/--download+write -o/--output=w -f -a/--auth=any+secret -m=any -p=any',
  'http|https|httpie|xh|xhs':
    'network download upload @opaque -* -d/--download+write -o/--output=w -a/--auth=any+secret',
  'grpcurl|websocat|wscat|twurl':
    'network download upload @opaque -* -d=any -H=any --exec=sh -e=sh',
  'lwp-request|GET|HEAD|POST|lynx-dump': 'network download @url -* -m=any -o=any -C=any -c=any',
  'nc|ncat|netcat|nc.openbsd|nc.traditional|pwncat|cryptcat|telnet|socat|sbd|rcat':
    'network upload download @host,any -* -e/-c/--exec/--sh-exec/--lua-exec=sh+execute -l/--listen -p=any -s=any -w=any -x=any -X=any -z -v -n -u -k -q=any -i=any -o=w',
  telnet: 'network upload download execute !interactive @host,any -* -l=any -a -n=w',
  socat: 'network upload download @addr -* -lf=w',
  'ssh|slogin|autossh|dbclient|rsh|rlogin|remsh|rexec|xxh|tsh|assh|sshrc|mssh|gsissh':
    'network @host,rcmd -A -a -4 -6 -C -f -g -G -K -k -M -N -n -q -s -T -t -tt -V -v -vv -vvv -X -x -Y -y -B=any -b=any -c=any -D=any -E=w -e=any -F=r -I=x -i=r -J=host -L=any -l=any -m=any -O=any -o=opt -p=any -P=any -Q=any -R=any -S=r -W=host -w=any 0:!interactive+execute',
  'scp|pscp|rcp':
    'network read write @remote..remote -3 -4 -6 -A -B -C -O -p -q -R -r!recursive -s -T -v -c=any -D=x -F=r -i=r -J=host -l=any -o=opt -P=any -S=sh+execute -X=any',
  'sftp|ftp|lftp|ncftp|tftp|psftp|cadaver|smbclient|tnftp|pftp|atftp|ftps|ncftpget|ncftpput|davfs|gftp|curlftpfs|mput|mget|s3fs|filezilla|rexec':
    'network upload download read write execute !interactive @host,any -* -b=x -o=opt -i=r -F=r -c=any -e=any -U=any -f=x -P=any -p=any -s=any',
  smbclient:
    'network upload download read write execute !interactive @opaque -* -c=any -U=any+secret',
  'atftpd|tftpd|in.tftpd|vsftpd|pure-ftpd|proftpd|httpd|thttpd|darkhttpd|webfsd|miniserve|serve|http-server|live-server|simple-http-server|filebrowser|caddy|nginx|apache2|apachectl|lighttpd|h2o|haproxy|traefik|varnishd|squid|mosquitto|dnsmasq|named|unbound|coredns|dropbear|sshd|in.telnetd|telnetd|rsyncd|smbd|nmbd|nfsd|rpcbind|mediamtx|coturn|stunnel|frps|chisel|ligolo|wstunnel|gost|ngrok|cloudflared|localtunnel|lt|bore|zrok|pagekite|sshuttle|rathole|inlets|croc|wormhole|magic-wormhole|piping|gs-netcat|iodine|dnscat2|tailscale|tailscaled|zerotier-cli|wg|wg-quick|openvpn|openconnect|vpnc|strongswan|ipsec|protonvpn|nordvpn|mullvad|pptp|xl2tpd|onionshare|tor|i2pd|syncthing|ipfs|kubo|transmission-cli|deluged|rtorrent|aria2d|mlnet|usbip|distccd|rsyslogd|syslog-ng|fluentd|fluent-bit|vector|telegraf|logstash|filebeat|cupsd|avahi-daemon|radvd|hostapd|wpa_supplicant|postfix|exim|exim4|dovecot|opensmtpd|mailpit|mailhog|couchdb|postgres|mysqld|mariadbd|mongod|redis-server|memcached|etcd|vault-server|elasticsearch|minio|clickhouse-server|influxd|prometheus|grafana-server|zabbix_agent2|cockpit-ws|slurmrestd|gitea|gogs|hd-idle|auditd|mitmproxy|mitmdump|mitmweb|proxy.py|tinyproxy|privoxy|dante|microsocks|ssh3|atd|cron|crond|anacron|fcron|watchdog|supervisord|pm2|forever|circusd|runit|runsv|runsvdir|s6-svscan|launchctl|openrc|nagios2|snmpd|x11vnc|x0vncserver|vncserver|vncviewer|xfreerdp|rdesktop|remmina|teamviewer|anydesk|rustdesk|scrcpy|fail2ban-client|fail2ban-server|burp':
    'network execute upload download process @opaque -* -c/--config/-f=r -C=any -t -e/--ssh-cmd=sh --up/--down/--route-up=sh --dev=any',
  'nginx|apache2|httpd|haproxy|caddy|mosquitto|dnsmasq|rsyslogd|openvpn|named|squid|sshd|rtorrent|traefik':
    'read network upload download execute process @opaque -* -c/-f/--config=x -t -C=any -g=code --conf-script=sh --up/--down/--ipchange/--route-up/--route-pre-down/--client-connect/--tls-verify/--auth-user-pass-verify=sh --script-security=any --dev=any -e=any -v+read -V+read',
  'wg-quick|wg|sshuttle|tailscale|fail2ban-client':
    'network process privilege execute read write @r -* --ssh-cmd/-e=sh -r=host -c=r',
  'pm2|supervisorctl|launchctl|svc|s6-svc|monit|circusctl|forever': 'process execute verbs -*',
  'ping|ping6|traceroute|traceroute6|tracepath|mtr|fping|arping|hping|dig|nslookup|host|drill|dog|kdig|delv|whois|resolvectl|systemd-resolve|dnswalk|nmblookup|dnsx|doggo|httping|tcping|nping|scamper|avahi-resolve|avahi-browse|geoiplookup|ahost|acountry|arpaname|stun|subfinder|naabu|whatweb|wafw00f|theharvester|amass|sherlock|nmap|masscan|zmap|rustscan|netperf|iperf|iperf3|speedtest|speedtest-cli|fast|ippfind|ipptool|ntpdate|ntpq|sntp|chronyc|ntpctl|rdate|snmpwalk|snmpget|rpcinfo|showmount|smbmap|enum4linux|rwhois|tlsx|sslscan|testssl|ssh-keyscan|ssh-audit|ab|siege|wrk|hey|vegeta|bombardier|oha|autocannon|h2load|httperf|plow|ddosify|lychee|linkchecker|muffet|wapiti|zaproxy|finger|ruptime|rup|rusers|rwho|ident|archwiki-rs|tookie-osint|trafilatura|bgpgrep|ndc|acme|ipaggmanip|html5validator':
    'network read @host,any -* -f=r -F/--filename/-iL=r -k=r -p=any -t=any -x=any -o=w -oN/-oX/-oG/-oA=w -b=any -y=any -h=host --script=x+execute -a=any -c=any -n=any -i=any',
  'whois|finger': 'network upload read @host,any -* -h/--host=host -p/--port=any',
  nmap: 'network read @host -* -iL=r -oN/-oX/-oG/-oA/-oS=w --script=x+execute --interactive+execute!interactive -p=any --resume=r',
  'ab|siege|wrk|hey|h2load|autocannon|oha|vegeta|bombardier':
    'network download @url -* -p/-u=r+upload -T=any -n=any -c=any -t=any -d=any -m=any -H=any -b=body -s=x',
  'ssh-keyscan|dig|host|drill|delv':
    'network read @host,any -* -f=r -t=any -p=any -b=any -k=r -y=any -x=any -q=any',
  'mtr|ntpdate': 'network read @host -* -F/--filename=r -k=r -a=any -t=any',
  'resolvectl|systemd-resolve': 'network read @any -*',
  'ssh-keygen':
    'secret @any -* -f=rw -t=any -b=any -C=any -N=any -R=any+write -y+read -l+read -F=any+read -P=any -D=x+execute -O=any -I=any -n=any -V=any -s=r -q -m=any -A+write -p+write -e -i -r=any -k -Q -K+write -M=any -Y=any -L+read -c+write -B+read',
  'ssh-add': 'secret @r -* -D+delete -d+delete -l+read -L+read -s=x+execute -e=any -t=any -x -X',
  'ssh-agent': 'secret execute @cmd -a=w -c -s -k+process -t=any -D -d -P=any -E=any 0:',
  'ssh-copy-id':
    'network permission read write upload @host -* -i=r -t=w -f!force -p=any -o=opt -F=r -n!dryRun -s',
  openssl: 'sub 0:+execute!interactive',
  'openssl s_client|s_server|s_time|ocsp':
    'network upload download @host -* -connect=host -host=host -cert=r -key=r+secret -CAfile=r -engine=x -accept=any -port=any',
  'openssl enc|base64|dgst|x509|req|rsa|rsautl|pkeyutl|pkey|pkcs12|pkcs7|pkcs8|ec|genrsa|genpkey|ecparam|rand|passwd|ca|crl|verify|asn1parse|cms|smime|dhparam|dsa|gendsa|prime|speed|ciphers|version|list|help|spkac|srp|storeutl|ts|kdf|mac|rehash|cmp|nseq|sess_id|crl2pkcs7|md5|sha256|sha1|sha512|des3|aes-256-cbc|info|errstr|fipsinstall|engine':
    'read @r -* -in=r -out=w+write -inkey=r+secret -key=r+secret -keyout=w+secret -engine=x+execute -provider=x+execute -provider-path=r -config=r -pass/-passin/-passout=any+secret -k/-K=any+secret -iv=any -CA/-CAfile/-CAkey=r -extfile=r -subj=any -days=any -name=any -sign=r+secret -signature=r -verify=r -kfile=r+secret -certfile=r -export -newkey=any -writerand=w -rand=r',
  'gpg|gpg2|gpgsm|gpgconf|gpg-card|gpg-zip|age|rage|minisign|signify|sops|keybase|sq|gpgv|ykman|pass|gopass|rbw|bw|1password|lpass|keepassxc-cli|keepass2|security|secret-tool|keyring|kwallet-query|pinentry|vault|certutil|certtool|certbot|acme.sh|step|cfssl|cfssljson|mkcert|kinit|klist|kdestroy|ktutil|kadmin|ykinfo|ykpersonalize|pkcs11-tool|opensc-tool|systemd-creds|systemd-ask-password|systemd-tty-ask-password-agent|htpasswd|mkpasswd|dropbearkey|dropbearconvert|ssss|git-crypt|git-secret|transcrypt|blackbox|ansible-vault|kubeseal|jwt|oauth2c|oauth2l|gcloud-auth|bitwarden|nordpass|enpass|lesspass|ots|scrypt|ccrypt|mcrypt|keyctl|tpm2_unseal|cntb':
    'secret read write @rw -* -o/--output=w --export+export --export-secret-keys+export --delete-secret-keys+delete --delete-keys+delete --recv-keys/--keyserver=any+network',
  vault: 'secret network verbs -* -address=url',
  'certbot|acme.sh|kinit|kadmin|step':
    'secret network write @opaque -* --deploy-hook/--pre-hook/--post-hook/--manual-auth-hook=sh+execute',
  'htpasswd|mkpasswd': 'permission secret write @any -*',
  'mail|mailx|mutt|neomutt|sendmail|msmtp|swaks|ssmtp|heirloom-mailx|s-nail|alpine|pine|nmh|aerc|himalaya|notmuch|offlineimap|mbsync|fetchmail|getmail|procmail|mu|r2e|newsboat|mpop|isync|formail|imapsync|vdirsyncer':
    'network upload read write execute !interactive @any -* -a/-A=r -f/-F=r --exec=sh -q=r -S=any',
  'wall|write|talk|mesg|notify-send|ntfy|apprise|slackcat|telegram-cli|signal-cli|wal-telegram|matrix-commander|irssi|weechat|profanity|toot|rainbowstream|dunstify|terminal-notifier':
    'upload read @r -* -f=r --nobanner',
  'notify-send|dunstify|terminal-notifier|mesg|talk|write': 'read @any -*',
  'lp|lpr|lprm|lpq|lpstat|cancel|lpadmin|cupsctl|cupsdisable|cupsenable|cupsaccept':
    'network upload read @r -* -h=host -U=any -u=any -d=any -P=any -m=any -i=any -o=any',
  'lpstat|lpq': 'network read @any -*',
  ip: 'sub read -* -b/-batch=r',
  'ip addr|a|address|link|l|route|r|rule|neigh|neighbour|n|maddr|tunnel|xfrm|netconf|tcp_metrics|mroute|token|macsec|mptcp|vrf|monitor|nexthop|sr|ntable|tuntap|addrlabel|ila|fou|l2tp|stats|ioam':
    'verbs -*',
  'ip netns': 'sub 0:+read -*',
  'ip netns exec': 'privilege @any,cmd -*',
  'ip netns add|delete|del|set|attach': 'process write @any -*',
  'ip netns list|ls|identify|pids|list-id|monitor': 'read @any -*',
  'ip vrf exec': 'privilege @any,cmd',
  'ifconfig|route|iwconfig|iw|nmcli|networkctl|ethtool|tc|bridge|brctl|netplan|ifup|ifdown|ifstatus|rfkill|wpa_cli|connmanctl|iwctl|nft|iptables|ip6tables|ebtables|arptables|ufw|firewall-cmd|pfctl|ipset|ipvsadm|conntrack|networksetup|netsh|macchanger|ovs-vsctl|nmtui|pve-firewall|iptables-restore|ip6tables-restore|iptables-apply':
    'process network permission read @any -* -f/--file/-b/-batch=r',
  'ifconfig|route|iwconfig|ethtool': 'read process @any -*',
  'iptables-save|ip6tables-save|netstat|ss|ipset-list|vnstati|arp-scan':
    'read @any -* -f/--file=w+write -F=r -D=w -K+process',
  'ss|netstat':
    'read @any -* -F/--filter=r -D/--diag=w -K/--kill+process -f/--family=any -A/--query=any',
  bridge: 'process network read verbs -* -b/-batch=r',
  nft: 'process permission network read write @any -* -f/--file=r -i!interactive',
  'tcpdump|tshark|wireshark|dumpcap|ngrep|tcpflow|sngrep|ettercap|dsniff|snoop|editcap|mergecap|capinfos|termshark|pcapfix|airodump-ng|httpflow|netsniff-ng|tcpreplay|dnstop|justniffer':
    'network read privilege @any -* -w=w -r=r -z/--postrotate-command=sh+execute -X=any+execute -i=any -c=any -G=any -W=any -C=any -Z/--relinquish-privileges=any -F=r -Y=any -T=any -e=any -f=any -s=any',
  'wireshark|ettercap':
    'network read write execute privilege !interactive @r -* -w=w -r=r -X=any -i=any -c=any -f=any -k',
  tshark: 'network read execute privilege @any -* -w=w -r=r -X=any -i=any -c=any -f=any -Y=any',
  's3cmd|s5cmd|b2|azcopy|gsutil|mc-minio|skicka|gdrive|megacmd|dropbox|tarsnap|restic|borg|kopia|duplicacy|duplicati|minio-mc|swift-cli|bypy':
    'verbs network -* -r!recursive -f!force --password-command=sh+execute --config=r',
  'restic|borg|kopia|tarsnap':
    'verbs network upload read -* --password-command=sh+execute -o=opt --password-file=r+secret -r/--repo=any',
};
