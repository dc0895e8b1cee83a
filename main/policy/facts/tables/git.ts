// Version control and the forges around it.

import type { Table } from '../spec.ts';

export const GIT: Table = {
  git: 'sub -C=r -c=opt --git-dir=r --work-tree=r --namespace=any -p/--paginate -P/--no-pager --no-replace-objects --bare --exec-path=?+execute --literal-pathspecs --no-optional-locks --version+read --help+read --config-env=any+execute 0:+read',
  'git status|log|show|diff|blame|shortlog|describe|rev-parse|rev-list|ls-files|ls-tree|cat-file|name-rev|merge-base|for-each-ref|show-ref|show-branch|whatchanged|grep|count-objects|check-ignore|check-attr|cherry|range-diff|diff-tree|diff-index|diff-files|var|verify-commit|verify-tag|fsck|annotate|version|merge-tree|patch-id|column|check-ref-format|get-tar-commit-id|check-mailmap|stripspace|diagnose|bugreport|mergetool-lib|fmt-merge-msg|last-modified|refs':
    'read @r -* -o/--output=w+write --ext-diff+execute --textconv -O=any+execute --open-files-in-pager=?+execute -n=any -L=any -S=any -G=any --format=any --since=any --until=any --author=any --grep=any',
  'git log|shortlog|rev-list|show|describe|rev-parse|show-ref|for-each-ref|name-rev|cherry|merge-base|range-diff|whatchanged|ls-tree|cat-file':
    'read @any -* -o/--output=w+write --ext-diff+execute',
  'git help': 'read execute !interactive @any -*',
  'git remote|config|branch|tag|stash|notes|worktree|submodule|bisect|reflog|lfs|sparse-checkout|bundle|maintenance|hook|credential|rerere|flow|annex|replace|symbolic-ref|update-ref':
    'sub -* 0:+read',
  'git remote show|get-url|show-ref|update|prune|-v': 'read network @any -*',
  'git remote get-url': 'read @any -*',
  'git remote add|set-url|rename|set-head|set-branches|rm|remove': 'write @any -* ',
  'git config':
    '@any,edit -* -l/--list/--get/--get-all/--get-regexp/--get-urlmatch+read@any -f/--file=r --unset/--unset-all/--add/--replace-all/--remove-section/--rename-section=any+write -e/--edit+write+execute!interactive --global --system 0:+read',
  'git config get|list': 'read @any -* -f/--file=r',
  'git branch':
    '@edit -a/--all/-r/--remotes+read@any -l/--list+read@any -v/-vv+read --show-current+read -d/--delete+delete -D+delete!force -m/--move+write -M+write!force -c/--copy+write -C+write!force -f/--force!force --contains/--merged/--no-merged/--points-at=?+read@any --sort/--format=any+read -u/--set-upstream-to=any+write --unset-upstream+write --edit-description+execute+write -t --track=? --no-track -q -i --color=? --column=? --abbrev=any 0:+read',
  'git tag':
    '@edit -l/--list+read@any -n=?+read@any -d/--delete+delete -f/--force!force+history -a -s -u=any -m=any -F=r -v/--verify+read@any --sort/--format=any+read --contains/--points-at/--merged=?+read@any 0:+read',
  'git stash': 'sub -* 0:+write',
  'git stash list|show': 'read @any -*',
  'git stash push|save|apply|pop|branch|create|store|-u|-m': 'write @any -*',
  'git stash drop|clear': 'delete history @any -*',
  'git reflog': 'sub -* 0:+read',
  'git reflog show|exists|list': 'read @any -*',
  'git reflog expire|delete': 'delete history @any -* --all!recursive',
  'git worktree|bundle list|verify|list-heads': 'read @any -*',
  'git worktree add|move|lock|unlock|repair|prune|remove': 'write @rw,any -* -f!force',
  'git bundle create|unbundle': 'read write export @rw,any -*',
  'git submodule status|summary': 'read @any -*',
  'git submodule add|update|init|deinit|set-url|set-branch|sync|absorbgitdirs':
    'network download write execute @opaque -* -f!force',
  'git submodule foreach': 'execute @rcmd -*',
  'git bisect run': 'execute @cmd',
  'git bisect start|good|bad|new|old|skip|reset|log|view|visualize|terms|next|replay':
    'write @any -*',
  'git lfs ls-files|status|env|version|logs|track|pointer': 'read @any -*',
  'git lfs fetch|pull|push|install|untrack|migrate|prune|lock|unlock|checkout|clone':
    'network write @any -*',
  'git notes list|show|get-ref|add|append|copy|edit|remove|merge|prune': 'read write @any -*',
  'git sparse-checkout|maintenance|hook|flow|rerere|annex|credential|replace|symbolic-ref|update-ref|fast-import|filter-repo':
    'write @opaque -*',
  'git update-ref|replace|fast-import': 'write history @any -* -d+delete',
  'git credential|credential-store|credential-cache': 'secret read write @any -*',
  'git hook': 'execute @any -*',
  'git filter-branch|filter-repo':
    'write history execute @any -* --tree-filter/--index-filter/--msg-filter/--env-filter/--commit-filter/--parent-filter/--tag-name-filter=sh -f/--force!force',
  'git add|mv|checkout-index|update-index|read-tree|write-tree|hash-object|mktree|mktag|unpack-file|unpack-objects|index-pack|pack-objects|pack-refs|repack|gc|prune|prune-packed|commit-graph|multi-pack-index|stage|init|commit-tree|merge-file|merge-index|apply|am|mailinfo|mailsplit|format-patch|archive|interpret-trailers|request-pull|restore|switch|checkout|rebase|merge|cherry-pick|revert|commit|citool|gui|gitk|difftool|mergetool|rm|clean|reset|send-email|imap-send|svn|p4|cvsimport|instaweb|daemon|sh-setup|backfill|fast-export|quiltimport|undo|absorb':
    'read write @any -*',
  'git add|stage|restore|mv': 'read write @rw -* -p -A -u -s=any --source=any -S --staged',
  'git init': 'write @w -* --template=x -b=any --separate-git-dir=w --shared=?+permission',
  'git rebase|filter-branch':
    'write history @any -* -x/--exec=sh -i/--interactive+execute -f!force --onto=any',
  'git checkout|switch':
    'write @any -* -f/--force!force+delete -b=any -B=any -c=any -C=any --orphan=any',
  'git reset': 'write history @any -* --hard!force+delete --soft --mixed',
  'git clean': 'delete @d -* -f/--force!force -d!recursive -x -X -n/--dry-run!dryRun -e=any',
  'git rm': 'write delete @d -* -r!recursive -f/--force!force --cached -n/--dry-run!dryRun',
  'git apply|am': 'read write @r -* --unsafe-paths!force --directory=w -p=any',
  'git archive|format-patch|fast-export':
    'read write export @any -* -o/--output=w --remote=any+network --exec=sh',
  'git difftool|mergetool|citool|gui|gitk|instaweb|daemon|p4|svn':
    'read write execute network @any -* -x/--extcmd=sh -t=any',
  'git fetch|pull|clone|ls-remote|fetch-pack|remote-https|http-fetch|archimport':
    'network download write @any -* -u/--upload-pack=sh+execute -c/--config=opt --template=x+execute -b=any --depth=any -j=any -o=any -f/--force!force --recurse-submodules=?',
  'git clone':
    'network download write @url,w -* -u/--upload-pack=sh+execute -c/--config=opt --template=x+execute -b/--branch=any --depth=any -j=any -o=any --recurse-submodules=? --reference=r --separate-git-dir=w --filter=any',
  'git ls-remote': 'network read @any -* --upload-pack=sh+execute -q -h -t',
  'git push|send-pack|http-push':
    'network upload write @any,ref -f/--force!force+history --force-with-lease=?!force+history --force-if-includes -d/--delete+delete+history --mirror!force+delete+history --prune+delete --all --tags --follow-tags -u/--set-upstream -n/--dry-run!dryRun -q -v --progress --no-verify!force --verify --atomic -o/--push-option=any --signed=? --receive-pack/--exec=sh+execute --repo=any --porcelain --thin --no-thin -4 -6 --recurse-submodules=any --branches',
  'git send-email|imap-send|request-pull':
    'network upload read @r -* --smtp-server=any --to=any --cc=any --from=any',
  'hg|svn|bzr|cvs|fossil|darcs|jj|p4|pijul|got|yadm|vcsh|rcs|ci|co|rlog|rcsdiff|chezmoi|stow|hub|b4|gitlint|git-sizer|bfg|git-lfs|git-filter-repo|repo|gita|mr|ghq|git-annex|gitleaks|trufflehog':
    'verbs -* --config=opt -R=r -r=any -m=any -f!force',
  'rlog|rcsdiff|gitlint|git-sizer|gitleaks|trufflehog': 'read @r -*',
  'bfg|git-filter-repo': 'write history delete @opaque -*',
  'chezmoi|yadm|stow|vcsh': 'read write @opaque -*',
  'gh|glab|tea|hut|jira|acli|linear|az-repos|copr-cli|codeberg|gitlab|forgejo|zapier|kaggle|huggingface-cli|hf|wandb':
    'verbs network -* -R/--repo=any -f=any -F=body -X=any -q=any -t/--title=any -b/--body=any --body-file=r --input=r+upload',
};
