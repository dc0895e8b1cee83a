// Kubernetes and what deploys to it.

import type { Table } from '../spec.ts';

const GLOBAL =
  '-n/--namespace=any --context=any --kubeconfig=r --cluster=any --user=any -s/--server=host --token=any+secret --as=any+privilege --as-group=any+privilege -v=any -o/--output=any -l/--selector=any --field-selector=any -A/--all-namespaces -f/--filename=r -R/--recursive!recursive -k/--kustomize=r --request-timeout=any --insecure-skip-tls-verify!force --dry-run=?!dryRun --force!force --grace-period=any --all!recursive --timeout=any --wait=? -w/--watch --show-labels --sort-by=any --template=any --cascade=? --field-manager=any -c/--container=any --ignore-not-found=? --no-headers --now!force -h/--help+read --password=any+secret --username=any --client-certificate/--client-key/--certificate-authority=r -L=any --since=any --tail=any --chunk-size=any --warnings-as-errors';
const HELM =
  '-n/--namespace=any --kube-context=any --kubeconfig=r --kube-token=any+secret --kube-apiserver=host -o/--output=any -f/--values=r --set/--set-string/--set-json/--set-literal=any --set-file=r --version=any --repo=url --dry-run=?!dryRun --force!force --post-renderer=sh+execute --wait --timeout=any --atomic --create-namespace --no-hooks -a/--all -A/--all-namespaces --debug -i/--install --reuse-values --reset-values --username=any --password=any+secret --keep-history --description=any -d/--destination=w --untar -l=any --devel --cleanup-on-fail --history-max=any --registry-config=r --max=any --revision=any -h --show-only=any -s=any -q --filter=any --force-update --insecure-skip-tls-verify!force';

export const KUBERNETES: Table = {
  'kubectl|oc|k|kubecolor|microk8s.kubectl|k3s-kubectl': `sub nouns ${GLOBAL} 0:+read`,
  'kubectl get|describe|logs|top|explain|api-resources|api-versions|version|cluster-info|events|wait|diff|options|completion|kustomize|whoami|status|project|projects': `read @any ${GLOBAL} -* -p -f/--follow`,
  'kubectl get|describe': `read @any ${GLOBAL} -* --raw=any+network`,
  'kubectl explain|api-resources|api-versions|version|options|completion|logs|top|wait|events|status|project|projects|whoami': `read @any ${GLOBAL} -*`,
  'kubectl logs':
    'read @any -* -f/--follow -c/--container=any -l=any --tail=any --since=any -n=any',
  'kubectl delete': `delete @any ${GLOBAL}`,
  'kubectl apply|create|replace|patch|edit|label|annotate|set|expose|autoscale|new-app|new-project|tag|import-image|process|adm|secrets|start-build|new-build': `write deploy @any ${GLOBAL} -* -p/--patch=any --type=any --image=any --from-literal=any --from-file=r --from-env-file=r --prune+delete`,
  'kubectl edit': `write deploy execute !interactive @any ${GLOBAL} -*`,
  'kubectl create|get|describe|delete|edit|apply|patch|replace secret|secrets': `secret @any ${GLOBAL} -* --from-literal=any --from-file=r`,
  'kubectl run|debug': `execute write deploy network download @any ${GLOBAL} -* --image=any --command -i -t --rm --overrides=any+privilege --privileged+privilege --env=any --restart=any --port=any --target=any --profile=any+privilege`,
  'kubectl exec|rsh': `execute @any,cmd ${GLOBAL} -i/--stdin -t/--tty -q -c=any 0:!interactive`,
  'kubectl attach': `execute !interactive @any ${GLOBAL} -i -t`,
  'kubectl cp|rsync': `read write export upload download @opaque ${GLOBAL} -*`,
  'kubectl port-forward|proxy': `network upload download @any ${GLOBAL} -* --address=host --www=r --port=any --www-prefix=any`,
  'kubectl scale|drain|cordon|uncordon|taint|rollout|evict': `process write @any ${GLOBAL} -* --replicas=any --delete-emptydir-data+delete --ignore-daemonsets --disable-eviction!force`,
  'kubectl rollout': `sub ${GLOBAL}`,
  'kubectl rollout status|history': `read @any ${GLOBAL} -*`,
  'kubectl rollout undo|restart|pause|resume': `process deploy write @any ${GLOBAL} -* --to-revision=any`,
  'kubectl auth|policy': 'sub -*',
  'kubectl auth can-i|whoami': `read @any ${GLOBAL} -*`,
  'kubectl auth reconcile': `permission write @any ${GLOBAL} -*`,
  'kubectl certificate|login|logout|serviceaccounts': 'permission secret @any -*',
  'kubectl policy': 'permission @any -*',
  'kubectl config': 'sub -* --kubeconfig=r',
  'kubectl config view|current-context|get-contexts|get-clusters|get-users':
    'read @any -* --raw+secret --flatten+secret --minify',
  'kubectl config use-context|set-context|use|set|set-cluster|set-credentials|unset|delete-context|delete-cluster|delete-user|rename-context':
    'write @any -* --token=any+secret --current --namespace=any',
  'kubectl plugin|krew': 'execute network download @opaque -*',
  'kubectl create clusterrolebinding|rolebinding|role|clusterrole|serviceaccount|token|sa': `permission @any ${GLOBAL} -* --clusterrole=any --role=any --serviceaccount=any --verb=any --resource=any`,
  oc: '>kubectl',
  k: '>kubectl',
  kubecolor: '>kubectl',
  'kubectx|kubens|kubie|kubeswitch': 'write @any -* -d=any+delete -c/--current+read 0:+read',
  'stern|kail|kubetail|kube-capacity|popeye|rbac-lookup|kubeval|kubeconform|kube-score|kube-linter|pluto|polaris|kubent|kubectl-tree|nova|kubesec':
    'read network @any -*',
  'helm|helm3': `sub ${HELM} 0:+read`,
  'helm list|ls|status|get|history|show|search|version|env|lint|template|verify|help|completion|inspect': `read @any ${HELM} -*`,
  'helm get|template|show|search': `read @any ${HELM} -* --output-dir=w+write`,
  'helm install|upgrade|rollback': `deploy write network @any ${HELM}`,
  'helm uninstall|delete|del|un': `delete deploy @any ${HELM}`,
  'helm test': `execute process @any ${HELM}`,
  'helm repo|dependency|dep|plugin|registry|pull|fetch|push|package|create|cachemanifest': `network download write @opaque ${HELM} -*`,
  'helm repo': 'sub -*',
  'helm repo list': 'read -*',
  'helm repo add|update|remove|rm|index': `network download write @any ${HELM} -*`,
  'helm plugin': 'execute network download write @opaque -*',
  'helm push|registry': 'network upload write deploy secret @opaque -*',
  helm3: '>helm',
  'kustomize|kpt|jsonnet|tk|ytt|kbld|kapp|carvel|cue|timoni|kyverno|conftest|opa|gatekeeper|istioctl|linkerd|cilium|hubble|velero|eksctl|kops|kubeadm|clusterctl|talosctl|rancher|argocd|flux|tkn|fluxctl|skaffold|tilt|devspace|garden|werf|helmfile|helmsman|okteto|telepresence|mirrord|crossplane|kubebuilder|operator-sdk|argo|kn|kubevela|vela|odo|tanka|karmadactl|submariner|virtctl|kubevirt|k3sup|k8sgpt|cmctl|glooctl':
    'verbs network -* -f=r -n=any -o=any -k=r',
  'skaffold|tilt|devspace|garden|werf|helmfile|helmsman|okteto':
    'execute deploy network verbs -* -f=x',
  'terraform|tofu|terragrunt|atmos|terramate':
    'sub -chdir=r -version/--version+read -help+read 0:+read',
  'terraform|tofu|terragrunt|atmos|terramate plan|validate|show|version|graph|providers|get|output|modules|metadata|run-all-plan':
    'read @r -* -out=w+write -var=any -var-file=r -target=any -state=r -json -raw+secret -destroy -no-color -compact-warnings -refresh=any -lock=any -input=any',
  'terraform|tofu|terragrunt|atmos|terramate output': 'read secret @any -*',
  'terraform|tofu|terragrunt|atmos|terramate apply|import|refresh|taint|untaint|run|run-all|stack':
    'deploy write network @r -* -auto-approve/--auto-approve!force -destroy+delete!recursive -var=any -var-file=r -target=any -replace=any+delete -lock=any -state=rw -refresh-only',
  'terraform|tofu|terragrunt|atmos|terramate destroy':
    'delete deploy network !recursive @any -* -auto-approve/--auto-approve!force -force!force -var=any -var-file=r -target=any',
  'terraform|tofu|terragrunt|atmos|terramate init|login|logout|workspace|providers-lock|test|query|force-unlock':
    'network download write execute @any -* -backend-config=any -upgrade -reconfigure -plugin-dir=x -force!force',
  'terraform|tofu|terragrunt|atmos|terramate console': 'read execute !interactive @any -*',
  'terraform|tofu|terragrunt|atmos|terramate fmt|hclfmt': 'read write @rw -* -check',
  'terraform|tofu|terragrunt|atmos|terramate workspace': 'sub',
  'terraform|tofu|terragrunt|atmos|terramate workspace list|show': 'read @any',
  'terraform|tofu|terragrunt|atmos|terramate workspace select|new': 'write @any -*',
  'terraform|tofu|terragrunt|atmos|terramate workspace delete': 'delete @any -* -force!force',
  'terraform|tofu|terragrunt|atmos|terramate state': 'sub',
  'terraform|tofu|terragrunt|atmos|terramate state list|show|pull': 'read secret @any -* -state=r',
  'terraform|tofu|terragrunt|atmos|terramate state list': 'read @any -*',
  'terraform|tofu|terragrunt|atmos|terramate state rm|mv|push|replace-provider':
    'write delete deploy history @any -* -force!force',
  'packer|nomad|consul|boundary|waypoint|levant': 'verbs network -* -var=any -var-file=r',
  'packer build': 'execute deploy @r -*',
  pulumi: 'sub -C/--cwd=r -s/--stack=any --non-interactive --color=any -v=any -e',
  'pulumi preview|stack|config|whoami|about|version|logs|history|org|policy|plugin|schema|console|env|state|package|convert|gen-completion|watch|login|logout|new|import|install':
    'verbs network -* -s/--stack=any --show-secrets+secret --secret+secret',
  'pulumi preview|whoami|about|version|logs|history': 'read network execute @any -* -s/--stack=any',
  'pulumi up|update|refresh|watch':
    'deploy write network execute @any -* -y/--yes!force -f!force -s=any -t=any',
  'pulumi destroy|down|cancel':
    'delete deploy network !recursive @any -* -y/--yes!force -s=any -t=any',
};
