// Containers, images and virtual machines.

import type { Table } from '../spec.ts';

const GLOBAL =
  '-H/--host=any+network -c/--context=any --config=r -l/--log-level=any -D --tls --tlsverify --tlscacert/--tlscert/--tlskey=r --root=r --namespace/-n=any --address=any --connection=any --url=any+network -v/--version+read';
const RUN =
  '-* --privileged+privilege!force -v/--volume=any+privilege --mount=any+privilege -u/--user=any -e/--env=any --env-file=r+secret -w/--workdir=any -p/--publish=any+network --name=any --network/--net=any -h/--hostname=any --entrypoint=sh -l/--label=any --cap-add=any+privilege --device=any+privilege --pid=any+privilege --ipc=any --security-opt=any+privilege --rm -i -t -d --platform=any --cpus=any -m/--memory=any --restart=any --gpus=any --add-host=any --dns=any --tmpfs=any --ulimit=any --volumes-from=any --userns=any --pull=any --log-driver=any --shm-size=any --init --link=any --expose=any --read-only --runtime=any --stop-signal=any --log-opt=any --cgroupns=any --cidfile=w --uts=any --annotation=any --health-cmd=any --isolation=any --index=any --detach-keys=any';

export const CONTAINERS: Table = {
  'docker|podman|nerdctl': `sub ${GLOBAL} 0:+read`,
  'docker|podman|nerdctl ps|images|logs|inspect|info|version|stats|top|port|diff|history|events|search|wait|help|healthcheck|mount':
    'read @any -* -f/--filter/--format=any -n/--tail=any --since=any',
  'docker|podman|nerdctl login|logout':
    'secret network permission @any -* -u=any -p/--password=any',
  'docker|podman|nerdctl run|create': `execute network download @any,cmd ${RUN}`,
  'docker|podman|nerdctl exec': `execute @any,cmd ${RUN}`,
  'docker|podman|nerdctl build|buildx|builder|bake':
    'execute read write network download @r -* -f/--file=x -t/--tag=any --build-arg=any --target=any --push+upload -o/--output=any --platform=any --secret=any+secret --ssh=any+secret',
  'docker|podman|nerdctl pull|load|import': 'network download write @any -* -i/--input=r',
  'docker|podman|nerdctl push': 'network upload deploy @any -*',
  'docker|podman|nerdctl save|export|generate': 'read export write @any -* -o/--output=w',
  'docker|podman|nerdctl cp': 'read write export @rw..w -*',
  'docker|podman|nerdctl rm|rmi':
    'delete @any -* -f/--force!force -v/--volumes -a/--all!recursive -l',
  'docker|podman|nerdctl stop|start|restart|kill|pause|unpause|update|rename|attach|commit|tag|init|untag':
    'process write @any -* -t/--time=any -s/--signal=any -m=any -a=any',
  'docker|podman|nerdctl tag|commit|init|untag': 'write @any -* -m=any -a=any -c=any',
  'docker|podman|nerdctl attach': 'execute process !interactive @any -*',
  'docker|podman|nerdctl container|image|volume|network|system|context|config|secret|node|plugin|manifest|trust|checkpoint|machine|pod|play|kube|auto-update|artifact|quadlet|model|scout|sbom|desktop|extension|mcp|sandbox|offload|debug|dev':
    'verbs -* -f/--force!force -a/--all!recursive',
  'docker|podman|nerdctl container run|create': `execute network download @any,cmd ${RUN}`,
  'docker|podman|nerdctl container|image|volume|network|system|builder prune|rm|remove':
    'delete @any -* -f/--force!force -a/--all!recursive --volumes --filter=any',
  'docker|podman|nerdctl secret|config': 'secret verbs -*',
  'docker|podman|nerdctl swarm|stack|service':
    'deploy process verbs -* -c/--compose-file=x --image=any --args=any',
  'docker|podman|nerdctl compose':
    'sub -f/--file=x -p/--project-name=any --env-file=r --profile=any --project-directory=r --ansi=any --progress=any --dry-run!dryRun',
  'docker-compose|podman-compose':
    'sub -f/--file=x -p/--project-name=any --env-file=r --profile=any --project-directory=r',
  'docker|podman|nerdctl compose ps|logs|config|images|top|events|port|version|ls|stats|convert|volumes|wait':
    'read @any -* -n/--tail=any',
  'docker|podman|nerdctl compose up|run|exec|build|create|watch|restart|start|pull|scale|attach|publish|cp|commit|export|bridge': `execute process network download @any,cmd ${RUN}`,
  'docker|podman|nerdctl compose up|build|start|restart|pull|scale|create|watch':
    'execute process network download @any -* -t=any --scale=any',
  'docker|podman|nerdctl compose down|rm|stop|kill|pause|unpause':
    'process delete @any -* -v/--volumes -f!force --rmi=any -t=any',
  'docker|podman|nerdctl compose push': 'network upload deploy @any -*',
  'docker-compose|podman-compose ps|logs|config|images|top|events|port|version|ls': 'read @any -*',
  'docker-compose|podman-compose up|run|exec|build|start|restart|pull|scale|create':
    'execute process network download @any,cmd -*',
  'docker-compose|podman-compose up|build|start|restart|pull|scale|create':
    'execute process network download @any -*',
  'docker-compose|podman-compose down|rm|stop|kill': 'process delete @any -* -v/--volumes -f!force',
  'ctr|crictl|buildah|skopeo|crane|gcrane|oras|dive|kaniko|img|apptainer|singularity|lxc|lxd|incus|lxc-start|lxc-stop|multipass|lima|limactl|colima|minikube|kind|k3d|k0s|k3s|microk8s|distrobox|toolbox|krunvm|runc|crun|firecracker|virsh|virt-install|virt-clone|virt-xml|virt-sparsify|virt-manager|virt-what|VBoxManage|vboxmanage|qemu-img|qm|pct|pvesh|vzdump|pvecm|vmrun|prlctl|xl|xe|govc|bhyve|vm|jail|machinectl|nspawn|importctl|portablectl|waydroid|anbox|emulator|adb|fastboot|avdmanager|xcrun|simctl|vcluster|loft|func|syft|grype|trivy|cosign|notation|devcontainer|coder|gitpod|devpod|quickemu|abroot|apx|box|systemd-sysext|systemd-dissect|bosh|cf|dokku|caprover|kamal|tsuru|slim|docker-slim|dockle|hadolint|kompose':
    'verbs -* -f!force --privileged+privilege!force --mount=any+privilege',
  'ctr|runc|crun|apptainer|singularity|lxc|incus|multipass|limactl|distrobox|toolbox|machinectl|adb|waydroid|lxc-start':
    'execute verbs -* --mount=any+privilege --privileged+privilege',
  'lxc|incus|lxd': 'execute privilege verbs -*',
  'qemu-system-x86_64|qemu-system-riscv64|qemu-system-aarch64|qemu-x86_64|qemu-i386|kvm|cloud-hypervisor|virt-install':
    'execute read write @opaque -*',
  'virsh|machinectl': 'verbs process write execute -*',
  'syft|grype|trivy|dive|hadolint|dockle': 'read network @any -* -o=any',
};
