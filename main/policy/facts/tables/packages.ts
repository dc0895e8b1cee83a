// Package managers: what they install runs, now or later, with the rights of who installs it.

import type { Table } from '../spec.ts';

const SHOW =
  'list|ls|show|info|search|view|outdated|why|audit|doctor|explain|help|config-list|whoami|ping|root|prefix|bin|docs|repo|home|bugs|fund|licenses|history|depends|rdepends|policy|madison|provides|whatprovides|repolist|check|check-update|check-updates|list-upgrades|query|deps|leaves|uses|cat|desc|home|freeze|inspect|tree|metadata|version|versions|env|graph|outdated|status|which|current|check-upgrade|diff|files|size|stats|verify|locate|pkgid|locate-project|dependencies';

export const PACKAGES: Table = {
  'npm|pnpm|yarn|cnpm|tnpm|corepack|ied|jspm|bower|volta|nvm|fnm|n|nodenv':
    'sub -C/--prefix/--dir/--cwd=r -g/--global+privilege -w/--workspace=any -r/--recursive --silent -s --json -y/--yes --registry=url --userconfig=x -D -* 0:+read',
  [`npm|pnpm|yarn ${SHOW}`]: 'read network @any -*',
  'npm|pnpm|yarn ls|list|why|root|prefix|bin|version|help|explain|licenses|env|query':
    'read @any -*',
  'npm|pnpm|yarn version': 'read write @any -*',
  'npm|pnpm|yarn install|i|add|ci|update|up|upgrade|dedupe|rebuild|link|import|install-test|it|clean-install|in|innit|fetch|global|set|patch|audit-fix|deploy|prune|remove|rm|uninstall|un|r|unlink|cache|store|pack|shrinkwrap|config|c|get|init|create|dlx|self-update|plugin|approve-builds|patch-commit|workspaces|workspace|policies|autoclean|generate-lock-entry':
    'network download write execute @opaque -* -g/--global+privilege --ignore-scripts',
  'npm|pnpm|yarn remove|rm|uninstall|un|r|unlink|prune|cache|store|autoclean':
    'write delete @any -* -g/--global+privilege -f/--force!force',
  'npm|pnpm|yarn config|c|get|pkg|set': 'read write @any -* --editor=sh',
  'npm|pnpm|yarn pack|shrinkwrap': 'read write execute @any -*',
  'npm|pnpm|yarn run|run-script|test|t|tst|start|stop|restart|node|exec|x|dev|build|serve|lint|rum|urn|check|format|typecheck|e2e|watch|preview|docs-build|explore|sbom|rushx|storybook':
    'execute read write @opaque -* -c/--call=sh',
  'npm|pnpm|yarn exec|x|dlx|explore':
    'execute network download @cmd -* -c/--call=sh -p/--package=any',
  'npm|pnpm|yarn publish|unpublish|deprecate|dist-tag|star|unstar|undeprecate':
    'network upload deploy write @opaque -* -f/--force!force --tag=any --access=any',
  'npm|pnpm|yarn unpublish': 'network delete deploy @any -* -f/--force!force',
  'npm|pnpm|yarn login|logout|adduser|token|owner|access|team|org|profile|hook|trust':
    'network permission secret @any -*',
  'npx|pnpx|bunx|uvx|pipx|yarnpkg|dlx|nativefier|electron-packager':
    'execute network download @opaque -* -p/--package=any -c/--call=sh -y --from=any',
  'corepack|volta|nvm|fnm|n|nodenv|bower|cnpm': 'network download write execute @opaque -*',
  'pip|pip3|pipenv|poetry|uv|conda|mamba|micromamba|pixi|easy_install|spack|flit|setup.py|pyenv|virtualenvwrapper|bugwarrior':
    'sub -* --proxy=host -p=any --python=any --project/--directory=r --cert=r --require-virtualenv 0:+read',
  [`pip|pip3|pipenv|poetry|uv|conda|mamba|micromamba|pixi|pyenv ${SHOW}`]: 'read @any -*',
  'pip|pip3|pipenv|poetry|uv|conda|mamba|micromamba|pixi|spack|pyenv install|add|update|upgrade|lock|sync|download|wheel|create|init|build|develop|new|venv|import|export|global|local|rehash|tool|python|self|cache|compile|pip|env|clean|activate|deactivate|index|completion|remove|uninstall|rm|purge':
    'network download write execute @opaque -* -r/--requirement=r -c/--constraint=r -e/--editable=r -t/--target=w -i/--index-url/--extra-index-url=url --break-system-packages!force -U -q -d=w --file=r -n/--name=any --prefix=w --root=w -y!force',
  'pip|pip3|pipenv|uv|poetry|conda|mamba uninstall|remove|rm|purge|clean':
    'delete write @any -* -y/--yes!force -r=r -n/--name=any --all!recursive',
  'pip|pip3|pipenv|poetry|uv|conda|pixi run|shell|exec|r|x':
    'execute @cmd -* --with=any -n/--name=any -p/--python=any --env-file=r+secret --no-capture-output --from=any --extra=any 0:!interactive',
  'pip|poetry|uv|pipenv config': 'read write execute @any -* --editor=sh -e',
  'pip|poetry|uv publish|debug|hash':
    'network upload deploy @any -* --token=any+secret -p=any+secret -u=any',
  'easy_install|setup.py|flit|spack': 'network download write execute @opaque -*',
  'gem|bundle|bundler|rvm|rbenv|phpenv|plenv|cpanm|luarocks|opam|raco|quicklisp|pear|pecl|composer|tlmgr|install-tl|vpm|hex|kerl|goenv|jenv|sdkman|sdk|asdf|mise|rtx|proto|conan|vcpkg|xrepo|hunter|cocoapods|mint|swiftenv|ghcup|elan|juliaup|perlbrew|rakubrew|zinit|antigen|zplug|fisher|oh-my-zsh|oh-my-posh|tpm|vundle|doctum|phive|satis|drush|wp|hyprpm|kpackagetool6|nb|drupal-check':
    'execute network download write @opaque -* -e/--editor=sh --file=x -f=r',
  'gem|bundle|bundler|composer list|show|info|search|outdated|contents|environment|specification|which|query|dependency|check|audit|licenses|validate|diagnose|status|platform|doctor|sources|stale|fund|depends|why|prohibits|browse|home|about':
    'read network @any -*',
  'gem|bundle|composer': 'sub execute -* -d=r 0:+execute+network+download+write',
  'gem|bundle|composer help': 'read execute !interactive @any -*',
  'gem|bundle|composer install|update|upgrade|require|add|remove|uninstall|exec|run|run-script|console|open|build|push|create-project|init|global|dump-autoload|clean|cleanup|unpack|fetch|pristine|cert|owner|signin|signout|yank|lock|config|cache|package|clear-cache|self-update|rdoc|server|generate_index|mirror|setup|plugin|binstubs|viz|gem|inject|archive|bump|scripts|test|start':
    'execute network download write @opaque -* -e=sh',
  'gem|bundle|composer exec|run': 'execute @cmd -*',
  'gem|bundle|composer push|yank|owner': 'network upload deploy @opaque -*',
  'cargo|rustup|rustup-init|crate': 'sub -* +nightly +stable +beta -C=r -Z=any 0:+read',
  [`cargo|rustup ${SHOW}`]: 'read network @any -*',
  'cargo|rustup run|test|bench|build|b|t|r|c|check|clippy|doc|install|fmt|fix|rustc|rustdoc|expand|make|nextest|watch|miri|tarpaulin|leptos|tauri|init|new|update|add|remove|rm|uninstall|fetch|vendor|package|generate-lockfile|clean|generate|zigbuild|cross|flamegraph|audit-fix|binstall|default|override|target|component|self|toolchain|set|completions|man|upgrade|sweep|hack|llvm-cov|criterion|asm|bloat|dist|machete|mutants|udeps|careful|fuzz|sqlx|lambda|shuttle|workspaces|geiger|deny':
    'execute network download write @opaque -* --manifest-path=x --config=opt',
  'cargo clean|uninstall|rm|remove': 'delete write @any -*',
  'cargo fmt': 'read write @rw -* --check',
  'cargo help': 'read execute !interactive @any -*',
  'cargo publish|yank|owner|login|logout':
    'network upload deploy permission @any -* --token=any+secret',
  'rustup run': 'execute @any,cmd -*',
  'apt|apt-get|aptitude|nala|apt-fast|dnf|dnf5|yum|zypper|microdnf|tdnf|pacman|yay|paru|pamac|aura|trizen|pikaur|yaourt|apk|opkg|xbps-install|xbps-remove|emerge|eopkg|swupd|slackpkg|sbopkg|pkg|pkg_add|pkg_delete|pkgin|port|brew|linuxbrew|snap|flatpak|guix|nix|nix-env|nix-build|nix-shell|nix-store|nix-channel|nixos-rebuild|home-manager|darwin-rebuild|nh|rpm-ostree|transactional-update|urpmi|urpme|urpmi.update|apt-rpm|winget|choco|scoop|mas|softwareupdate|installer|dpkg|rpm|gdebi|alien|equivs-build|appimage|AppImageLauncher|cnf|topgrade|fwupd|mhwd|owut|prt-get|cpt|cast|pkcon|tazpkg|pisi|kiss|stew|eget|bin|aqua|arkade|pikman|am|appman|soar|zap|steamcmd|inference-snap|upgpkg|pactrans|add-apt-repository|apt-add-repository|apt-key|apt-mark|dpkg-reconfigure|dpkg-divert|update-alternatives|alternatives|eselect|pacman-key|updpkgsums|reflector|ubuntu-drivers|do-release-upgrade|unattended-upgrade|needrestart|checkinstall|limine-update|kernelstub':
    'network download write execute privilege @opaque -* -o=opt -c/--config-file=x -f=any -y/--yes/--assumeyes!force --root=r --dangerous!force --devmode!force --pipe=sh -t=any',
  'apt|apt-get|aptitude|nala|apt-fast|dnf|dnf5|yum|zypper|brew|snap|flatpak|apk|pkg|port|scoop|choco|winget|nix|guix|microdnf':
    'sub -* -o=opt -c/--config-file=x -y/--yes/--assumeyes!force -q --root=r -t=any 0:+read',
  [`apt|apt-get|aptitude|nala|dnf|dnf5|yum|zypper|brew|snap|flatpak|apk|pkg|port|scoop|choco|winget|microdnf ${SHOW}|repolist|repoquery|se|if|lu|lr|dot|description|dependents|find|connections|interfaces|services|changes|known|remote-ls|remotes|search-x|warnings`]:
    'read network @any -* -o=opt',
  'apt|apt-get|aptitude|zypper changelog|help|edit-sources|showsrc':
    'read network execute !interactive @any -* -o=opt',
  'apt|apt-get|aptitude|nala|apt-fast|dnf|dnf5|yum|zypper|brew|snap|flatpak|apk|pkg|port|scoop|choco|winget|microdnf install|in|add|update|up|upgrade|dup|dist-upgrade|full-upgrade|safe-upgrade|reinstall|downgrade|localinstall|localupdate|groupinstall|group|source|build-dep|satisfy|download|refresh|ref|ar|addrepo|config-manager|copr|module|makecache|distro-sync|system-upgrade|upgrade-minimal|tap|cask|bundle|link|fetch|postinstall|override|run|enter|build|connect|set|switch|alias|try|ack|shell|exec|mark|swap|builddep|offline-upgrade|offline|debuginfo-install|selfupdate|bump|edit|create|sh|developer|test|pin|unpin|services|start|stop|restart|enable|disable|revert|auto|auto-install|x|patch|inr|import|bucket|hold|unhold|configure|bootstrap|keep|markauto|unmarkauto':
    'network download write execute privilege @opaque -* -o=opt --dangerous!force --devmode!force --allow-unauthenticated!force --nogpgcheck!force -y/--yes/--assumeyes!force -c=x',
  'apt|apt-get|aptitude|nala|dnf|dnf5|yum|zypper|brew|snap|flatpak|apk|pkg|port|scoop|choco|winget|microdnf remove|rm|purge|autoremove|erase|uninstall|clean|cleanup|autoclean|del|delete|zap|unlink|untap|rr|removerepo|autopurge|prune|deleteuser|cache|forget|reclaim':
    'delete write privilege @any -* -y/--yes/--assumeyes!force -o=opt --purge -f!force -a --all!recursive',
  'nix|guix build|develop|shell|run|flake|profile|store|search|repl|eval|fmt|copy|log|derivation|hash|path-info|registry|package|environment|pull|system|home|pack|time-machine|bundle|collect-garbage':
    'execute network download write @opaque -* --command/-c=cmd -f=x -p=any --run=sh',
  'dpkg|rpm|rpmquery|rpmverify|rpmdb|rpmspec|rpmkeys':
    'read @opaque -i/--install/-U/--upgrade/-F/--unpack/--configure/--reinstall/--import+write+execute+privilege -r/--remove/-P/--purge/-e/--erase+delete+privilege -E/--eval=code --pipe=sh+execute -l/--list -L -s -S -p -a -q/--query --last -V/--verify -K -C -h -v -f -R -c -d --queryformat=any --qf=any --root=r --force!force --nodeps!force --force-all!force -D/--define=code --macros=x --load=x --provides --requires --scripts --changelog --whatprovides=any --get-selections --print-architecture --audit --initdb+write --rebuilddb+write --specfile=r --nosignature --restore+write --setperms+permission --setugids+permission --dbpath=r --rcfile=x --add-architecture=any+write',
  'dpkg-query|dpkg-deb|apt-cache|apt-file|apt-config|rpm2cpio|pacinfo|paccheck|paclog|pacrepairdb|expac|pactree|auracle|xbps-query|pkg_info|equery|qlist|lsb|repoquery|dpkg-architecture|debuginfod-find|rpmlint|namcap|lintian|apt-rdepends|check-dfsg-status|ubuntu-security-status|popularity-contest|debsecan|deborphan|repo-add|repo-remove':
    'read network @r -* -x=any',
  'pacman|yay|paru|pamac|aura|trizen|pikaur|yaourt':
    'network @opaque -S/--sync+download+write+execute+privilege -R/--remove+delete+privilege -U/--upgrade+download+write+execute+privilege -Q/--query+read -D+write -F+read -T+read -s/--search -i/--info -l/--list -y -u -c -d -n -q -m -e -t -o -k --noconfirm!force --needed --overwrite=any --config=x --hookdir=x --root=r --asdeps --asexplicit -g -w -p -v -x -* 0:+download+write+execute+privilege',
  'emerge|opkg|apk|xbps-install|pkg_add':
    'network download write execute privilege @opaque -* -p!dryRun -s+read -C+delete',
  'apt-mark|apt-key|add-apt-repository|apt-add-repository|pacman-key':
    'network permission write privilege execute @any -*',
  yarn: 'sub --cwd=r -D -s -* 0:+network+download+write+execute',
};
