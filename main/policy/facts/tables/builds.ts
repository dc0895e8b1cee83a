// Compilers, linters, formatters, and programs that inspect what was built.

import type { Table } from '../spec.ts';

export const BUILDS: Table = {
  'gcc|g++|cc|c++|clang|clang++|tcc|icc|nvcc|gfortran|c99|c89|ghc|rustc|javac|kotlinc|scalac|ldc2|dmd|gdc|fpc|gccgo|ocamlopt|ocamlc|csc|mcs|vbc|valac|nasm|yasm|as|gas|ld|lld|ld.gold|mold|gold|zig-cc|emcc|swiftc|tsc|asc|protoc|flatc|thrift|capnp|bison|yacc|flex|lex|antlr4|swig|cython|rustdoc|javadoc|doxygen|mpijavac|mpicc|mpic++|mpirun|mpiexec|sass|sassc|lessc|stylus|elm|purs|spago|wat2wasm|wasm2wat|wasm2c|wasm-opt|wast2json|wasm-objdump|makensis|iscc|windres|xcv|shc|strip|objcopy|ranlib|dlltool|chrpath|patchelf|install_name_tool|codesign|upx|dexdump|aapt|aapt2|bundletool|zipalign|apksigner|jarsigner|gox|vala|ghdl|iverilog|verilator|yosys|asn1c|msgfmt|xgettext|po4a|po4a-gettextize|gettextize|terser|uglifyjs|html-minifier|cleancss|svgo|pkl|dot|neato|fdp|sfdp|twopi|circo|gvgen|acyclic|unflatten|mm2gv|graphml2gv|d2|mmdc|plantuml|scdoc|a2x|asciidoctor|ronn|help2man|txt2man|pod2man|rst2html':
    'read write @r -* -o/--output/-out=w --outDir/--out-dir=w -d=w -x=any -I=r -L=r -l=any -D=any -wrapper=sh+execute -fplugin=x+execute -B=x+execute -specs=x+execute --plugin=x+execute -t=any -T=any -e=any',
  'mpirun|mpiexec|srun|salloc|sbatch|qsub|bsub|condor_submit':
    'execute network @cmd -* -n/-np/-N/-c/-p/-J/-t/-q=any -o=w',
  tsc: 'read write @r -* -p/--project=r --outDir/--outFile/--declarationDir=w --noEmit@r -w',
  cobc: 'read write execute @r -* -o=w -x -F -j',
  'gcc-wrapper|ccache|distcc|sccache|icecc|gomacc|bear|scan-build|intercept-build':
    '@cmd -* -o=w -M/--max-size=any -s/--show-stats+read -z+write -C+delete 0:+read',
  'rustc|ghc': 'read write execute @r -* -o=w -C=any -L=r --explain=any+read -e=code --out-dir=w',
  'rustfmt|gofmt|goimports|clang-format|black|isort|autopep8|yapf|prettier|biome|dprint|stylua|shfmt|standard|google-java-format|ktfmt|ktlint|swiftformat|ormolu|hindent|fourmolu|nixfmt|alejandra|taplo|sqlfluff|pgformatter|pg_format|tidy|indent|astyle|uncrustify|perltidy|rubocop|standardrb|php-cs-fixer|phpcbf|pint|zprint|cljfmt|gofumpt|golines|crlfmt|djlint|djhtml|latexindent|xmlformat|autoflake|pyupgrade|lebab|2to3|jscodeshift|codemod|semgrep-fix|comby|ast-grep|sd|sad|repren|fastmod|rpl|license-eye|addlicense|docformatter|ruff|oxlint|eslint|tslint|jshint|jslint|stylelint|xo|markdownlint|markdownlint-cli2|textlint|remark|alex|vale|proselint|write-good|codespell|typos|cspell|misspell|pylint|flake8|mypy|pyright|pyre|pytype|bandit|pycodestyle|pydocstyle|vulture|radon|prospector|ty|pyflakes|golint|golangci-lint|staticcheck|errcheck|gosec|govulncheck|ineffassign|revive|clippy|clang-tidy|cppcheck|cpplint|flawfinder|splint|infer|hlint|stan|credo|dialyxir|shellcheck|bashate|checkbashisms|yamllint|jsonlint|ansible-lint|cfn-lint|tflint|dockerfilelint|actionlint|zizmor|spectral|redocly|buf|protolint|phpstan|psalm|phpcs|phpmd|parallel-lint|detekt|checkstyle|spotbugs|pmd|swiftlint|semgrep|snyk|sonar-scanner|osv-scanner|pip-audit|safety|lynis|rkhunter|chkrootkit|clamscan|clamdscan|freshclam|rubycritic|reek|brakeman|fasterer|erb_lint|haml-lint|slim-lint|luacheck|selene|knip|depcheck|madge|dependency-cruiser|jscpd|lizard|sloccount|publint|attw|tldr-lint|clang-check|virt-xml-validate|grub-script-check|olevba|pdfid|oletools|capa|floss|binwalk|foremost|volatility|lex-lint|puppet-lint|foodcritic|cookstyle|promtool|amtool|desktop-file-validate|appstreamcli|djvutxt|chars|isutf8|check_log|check_cups|check_memory|check_raid|check_load|check_disk|check_ssl_cert|check_http|check_statusfile':
    'read @r -* -w/--write/-i/--in-place/--fix/--fix-type/-u/--update/--apply/--write-changes/--unsafe-fixes+write -o/--output-file=w -O=w -c/--config=r -F=r --extra-opts=r -f=any -e=any --rulesdir=x+execute --plugin=any+execute --load-plugins=any+execute',
  'black|isort|yapf|rustfmt|gofumpt|autopep8|docformatter|ormolu|alejandra|nixfmt|stylua|djlint|pyupgrade|php-cs-fixer|phpcbf|ktfmt|sd|sad|fastmod|rpl|jscodeshift|lebab|codespell':
    'read write @rw -* --check@r --diff@r -c/--config=r -l=any',
  'sd|sad|rpl': 'read write @any,any,rw -*',
  'clamscan|freshclam|rkhunter':
    'read write @r -* -d/--database=r -f/--file-list=r --remove+delete --move=w -l/--log=w -r!recursive --copy=w',
  'osv-scanner|snyk|govulncheck|pip-audit|safety|sonar-scanner|semgrep|attw':
    'read network upload @r -* -o=w -f=any -c=any',
  'nm|objdump|readelf|size|ldd|addr2line|c++filt|gprof|gcov|elfedit|otool|lipo|dwarfdump|pahole|eu-readelf|readobj|llvm-nm|llvm-objdump|javap|jdeps|jmap|jstack|jps|jinfo|jstat|jcmd|rabin2|sprof|wasm-objdump|nimgrep|pev|exeinfo|checksec|swift-demangle|rustfilt|undname|dumpbin':
    'read @r -* -C=any -e=any -f=any',
  ldd: 'read execute @x -*',
  perf: 'sub read 0:+read',
  'perf stat|record|trace|mem|c2c|kvm|lock|sched|top|bench':
    'read write execute @cmd -* -e=any -p=any -o=w -F=any -g -a -C=any -r=any -t=any',
  'perf report|script|annotate|list|diff|evlist|buildid-list|archive|data|version|config|probe|inject|test|timechart|ftrace|daemon':
    'read execute @r -* -i=r',
  'gcov|lcov|genhtml|nyc|c8|istanbul|kcov|grcov|llvm-cov': 'read write execute @opaque -* -o=w',
  'ctags|etags|cscope|gtags|global|universal-ctags|zoekt|tree-sitter': 'read write @r -* -f=w -o=w',
  as: 'read write @r -* -o=w',
  semgrep: 'read network @r -* --config/-c=any -o=w --autofix+write',
  'eslint|oxlint|biome|ruff|stylelint|rubocop|golangci-lint|prettier|clang-tidy|clang-format|gofmt|goimports|shfmt|dprint|textlint|standard|xo|swiftlint|ktlint|taplo|sqlfluff|djhtml|latexindent|tidy|astyle|uncrustify|indent|perltidy':
    'read @any,r -* -w/--write/-i/--in-place/--fix/--apply/--auto-correct/-a/-A/--autocorrect/--unsafe/-m+write -o/--output-file=w -c/--config=x -r/--rulesdir/--require=x+execute --plugin=any+execute',
  'eslint|oxlint|prettier|gofmt|goimports|shfmt|clang-format|clang-tidy|stylelint|standard|rubocop|tidy':
    'read @r -* -w/--write/-i/--in-place/--fix/--apply/--auto-correct/-a/-A/--autocorrect+write -o/--output-file=w -c/--config=r --parser=any -f/--format=any -s -l -e=any -d --ext=any -p=any',
  'tex-fmt|brittany|reuse|addlicense': 'read write @rw -* --write-mode=any',
};
