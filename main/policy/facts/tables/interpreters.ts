// Programs that run code in a language of their own, given in place or in a file.

import type { Table } from '../spec.ts';

export const INTERPRETERS: Table = {
  'python|python2|python3|pypy|pypy3|ipython|ipython3|bpython|jython|micropython|ptpython':
    '@x,opaque -c=code~ -m=cmd -W=any -X=any -b -B -d -E -h/--help+read -i!interactive -I -O -OO -P -q -s -S -u -v -V/--version+read -x --check-hash-based-pycs=any <=code 0:+execute!interactive',
  'http.server|SimpleHTTPServer|pyftpdlib|smtpd|RangeHTTPServer|uploadserver':
    'network upload download @any -* -d/--directory=r -b/--bind=host',
  'venv|virtualenv|ensurepip|compileall|py_compile': 'write execute @w -* -p=any',
  'json.tool|tokenize|ast|calendar|this|zipfile|tarfile|dis|sysconfig|site|platform|pyclbr|webbrowser|pydoc':
    'read @r,w -*',
  'pytest|unittest|nose2|doctest|timeit|pdb|cProfile|trace|coverage|runpy|idlelib|turtle|idle|tox|nose|behave|robot|locust|streamlit|jupyter|gunicorn|uvicorn|flask|celery|hypercorn|daphne|waitress-serve|django-admin|manage.py|scrapy|mkdocs|sphinx-build|pyinstaller|nuitka|cythonize|ipykernel|voila|papermill|snakemake|luigi|airflow|dagster|prefect|dbt|kedro|dvc|mlflow|invoke|fastapi|bokeh|panel|cookiecutter|copier|pre-commit|alembic|manim|marimo':
    'execute read write @opaque -*',
  'dvc|mlflow|airflow|dbt': 'verbs execute -*',
  'node|nodejs|bun|deno|tsx|ts-node|esbuild-runner|jjs|jsc|qjs|quickjs|d8|rhino|gjs|iojs|electron|nw|coffee|livescript|ts-node-esm|hermes|txiki|njs|zx|swc-node|vite-node|babel-node':
    '@x,opaque -e/--eval/-p/--print/-pe=code~ -r/--require/--import/--loader/--experimental-loader=x -c/--check@r -i/--interactive!interactive -v/--version+read -h/--help+read --inspect=?+network+execute --inspect-brk=?+network+execute --test+execute --watch -* --env-file=r+secret <=code 0:+execute!interactive',
  'bun|deno': 'sub execute @x,opaque -e/--eval/-p=code -r=x -* 0:+execute!interactive',
  'bun|deno run|test|x|exec|task|start|dev|repl|eval|bench|serve|create|upgrade|compile|build|jupyter':
    'execute @opaque -* -c=r',
  'bun|deno install|i|add|remove|update|publish|link|cache|init|uninstall|pm':
    'network download write execute @opaque -*',
  'bun|deno check|lint|info|doc|types|fmt|outdated|why': 'read @r -*',
  'perl|perl5|raku|rakudo|perl6|cperl':
    '@x,opaque -e/-E=code~ -n -p -i=?+write -l=? -a -F=any -0=? -w -W -c -s -t -T -u -U -v+read -V=?+read -h -M=any+execute -m=any+execute -I=r -S -x=? -d=?+execute -D=any -C=? -X -g <=code 0:+execute!interactive',
  'ruby|jruby|irb|mruby|truffleruby|rbx|pry|macruby|slimrb|erb|crystal|opal':
    '@x,opaque -e=code~ -r=any+execute -I=r -n -p -i=?+write -l -a -F=any -0=? -w -W=? -c -s -S -x=? -C=r -v/--version+read -h -K=any -E=any -T=? -d -u=code+execute -run=code <=code 0:+execute!interactive',
  'php|php-cli|hhvm|php-cgi|phpdbg':
    '@x,opaque -r/-B/-R/-E=code~ -f/-F=x -S=host+network+upload+download -a+execute!interactive -c=r -n -d=any -i+read -l@r -m+read -v/--version+read -w -t=r -s@r -z=x --ini -z -q -- <=code 0:+execute!interactive',
  'lua|luajit|lua5.1|luac|texlua|luau|fennel|moon|tarantool':
    '@x,opaque -e=code~ -l=any+execute -i!interactive -v+read -W -E - <=code 0:+execute!interactive',
  'R|Rscript|julia|octave|octave-cli|matlab|scilab|guile|clisp|sbcl|ecl|racket|scheme|chez|gsi|csi|mit-scheme|ghci|runghc|runhaskell|stack-ghci|ocaml|utop|erl|elixir|iex|escript|scala|scala-cli|groovy|groovysh|kotlin|clojure|clj|bb|lein|gnuplot|maxima|gap|sage|gp|dotnet-script|csi.exe|fsi|fsharpi|swift|jshell|jrunscript|bsh|rexx|regina|pike|io|nim|v|janet|picolisp|prolog|swipl|gprolog|factor-lang|gforth|forth|idris|agda|coqtop|lean|smlnj|sml|mosml|poly|mzscheme|newlisp|wolframscript|math|dart|haxe|bpftrace|dtrace|stap|gdb|lldb|pgdb|jdb|pdb3|cgdb|ddd|dlv|frida|frida-trace|emacs-batch|rpmlua|knife|rpm-lua|erlc|spike|hy|ptghci|lldb-mi|edb|x64dbg|hopper|wolfram|dafny|rhai|gravity|wren|squirrel|angelscript|umka|berry|quickbms|bpython2|pwntools':
    '@x,opaque -e/-E/-ex/--eval/-eval/--execute/--expr/-x/-c/-p/-pe/--command/-batch/-r=code~ -f/--file/-s/-l/--load=x --version+read --help+read -v --no-save --slave --vanilla -q -Q -nx -n -b --batch --silent -ghci-script=x -cp/-classpath=r -i --unsafe --args -* <=code 0:+execute!interactive',
  'gdb|lldb|dlv|frida|frida-trace|bpftrace|dtrace|stap|rr':
    'execute process !inlineCode @opaque -* -ex/--eval-command/-e/-o/--one-line=code -x/--command/-s=x -p/--pid=any -iex=code',
  'java|javaw':
    'execute @x,opaque -* -cp/-classpath/--class-path=r -jar=x -D=any -version/--version+read -javaagent=x',
  'dotnet|mono': 'execute sub @x,opaque -* --version+read --info+read',
  'dotnet|mono run|exec|test|fsi|watch|tool|build|publish|pack|new|script|msbuild|clean|format|ef|workload|dev-certs|interactive|csi':
    'execute write @opaque -* --exec=code',
  'dotnet|mono restore|add|remove|nuget|sln|install|list': 'network download write @opaque -*',
  go: 'sub -C=r',
  'go run|test|generate|build|install|tool|get|vet|work|mod|clean|fix|fmt':
    'execute read write @opaque -* -exec=sh -toolexec=sh -o=w',
  'go get|install|mod': 'network download write execute @opaque -*',
  'go fmt|fix|clean': 'read write @rw -*',
  'go version|env|list|doc|help|vet|telemetry|bug': 'read @any -* -w+write -u+write',
  'clisp|sbcl|guile|racket':
    '@x,opaque -x/-e/-c/--eval/--load/-E/-p=code~ -i=x -s=x -l=x -q -* <=code 0:+execute!interactive',
  'octave|octave-cli|matlab|scilab':
    '@x,opaque --eval/-r/-batch/-e=code~ -f=x -q -* <=code 0:+execute!interactive',
  gnuplot: '@x,opaque -e=code~ -c=x -p -d -* <=code 0:+execute!interactive',
  'sqlmap|ffuf|gobuster|nikto|hydra|medusa|ncrack|john|hashcat|msfvenom|evil-winrm|nxc|crackmapexec|bloodhound-python|wpscan|dirb|kiterunner|burpsuite|commix|xsser|responder|bettercap|aircrack-ng|airdecap-ng|rarcrack|pyrit|searchsploit|netexec|impacket|smbclient.py|getST.py|rpcmap.py|sambaPipe.py|smbserver.py|ping6.py|secretsdump.py|psexec.py|wmiexec.py|ntlmrelayx.py':
    'network execute upload download @opaque -* -u=url --eval=code',
  m4: 'read execute @x -* -D=any -I=r <=code 0:+execute!interactive',
  'make|gmake|bmake|remake|dmake|nmake|pmake|mk|ninja|samu|scons|waf|tup|redo|bjam|xmake|bazel|bazelisk|buck|buck2|pants|please-build|gn|meson|cmake|ctest|cpack|qmake|premake|autoconf|autoheader|autoreconf|automake|configure|aclocal|libtoolize|autoupdate|ant|mvn|mvnw|gradle|gradlew|sbt|mill|rake|thor|grunt|gulp|nx|turbo|lerna|rush|webpack|vite|rollup|esbuild|parcel|tsup|swc|babel|next|nuxt|astro|gatsby|ng|vue|svelte-kit|ember|expo|react-native|ionic|cordova|hugo|jekyll|zola|eleventy|hexo|docusaurus|quarto|sphinx|cabal|stack|dune|rebar3|mix|shards|alr|dub|nimble|zig|bitbake|jhipster|sails|rails|nest|symfony|artisan|phing|robo|capistrano|cap|fastlane|xcodebuild|pod|carthage|flutter|gnatmake|runscript|kdesrc-build|pio|platformio|sfdk|pkgctl|gbp|autopkgtest|debuild|dpkg-buildpackage|rpmbuild|mock|makepkg|abuild|pbuilder|sbuild|ebuild|tmt|vagrant|puppet|chef-client|chef|chef-solo|salt|salt-call|salt-run|cf-agent|ansible|ansible-playbook|ansible-pull|ansible-console|ansible-test|capsule|nosetests|jest|vitest|mocha|ava|tap|karma|cypress|playwright|wdio|cucumber|rspec|phpunit|pest|newman|k6|gatling|artillery|busted|bats|shellspec|prove|storybook|husky|lint-staged|stryker|easyrsa|msbuild|xbuild|unity|asdf-exec|pre-commit|check_by_ssh|hatch|pdm|rye|sst|serverless|sls|cdk|cdktf|ko|trunk|wasm-pack|leiningen|devbox|devenv|direnv|lefthook|overcommit|commitizen|semantic-release|goreleaser|release-it|changeset|standard-version|auto|np|bumpversion|cz':
    'execute read write @opaque -* -C=r -f/--file/-p/--eval/-E=x -o=w -pdflatex=sh -latex=sh',
  'ansible|ansible-playbook|ansible-pull|ansible-console|salt|puppet|chef-client|salt-run|salt-call|cap|fab|pssh|pdsh|clush|dsh|mussh|parallel-ssh':
    'execute network deploy @opaque -* -i=r -m=any -a=sh -b+privilege --check!dryRun -C!dryRun -e=code',
  'serverless|sls|cdk|cdktf|sst|ko|fastlane|goreleaser|semantic-release|np|cap|cf-agent':
    'execute deploy network @opaque -*',
  'make|gmake':
    'execute read write @any -* -f/--file/--makefile=x -C/--directory=r --eval=code -n/--dry-run/--just-print!dryRun -j=? -I=r -o=any -W=any',
  cmake: 'execute read write @rw -* -E=cmd -P=x -D=any -S=r -B=w -G=any --build=rw',
  'copy|copy_if_different|copy_directory': 'read write @r..w -*',
  jpackage: 'read write @rw -*',
  'vagrant|puppet': 'sub execute @opaque -*',
  'vagrant up|provision|ssh|reload|resume|powershell|rdp|winrm|plugin|package|push|init|share|cloud':
    'execute network download write @opaque -* -c/--command=sh',
  'vagrant status|global-status|port|version|validate|list-commands|ssh-config|help|box|snapshot':
    'read @opaque -*',
  'vagrant destroy|halt|suspend': 'delete process @any -* -f!force',
  'puppet apply|agent|device|script|plan|task': 'execute write deploy @opaque -* -e=code',
  'puppet filebucket|config|facts|lookup|resource|describe|help|doc|parser|module|cert|ssl|node':
    'read write @opaque -*',
  'rails|artisan': 'execute read write @opaque -*',
};
