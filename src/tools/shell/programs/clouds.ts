import type { ParsedArgs, Spec } from '../table';
import { verbs } from './make';

/** Looking at clusters and clouds. Sources: the references of AWS CLI 2, gcloud 500, az 2.66, Helm 3.16, Terraform 1.9. */

const AWS =
  '--profile= --region= --output= --query= --no-cli-pager --no-paginate --max-items= --page-size= --starting-token= --no-sign-request --color= --filters --filter= --instance-ids --owners --names --name= --cluster= --services --tasks --function-name= --table-name= --stack-name= --log-group-name= --log-group-name-prefix= --log-stream-name= --log-stream-names --start-time= --end-time= --filter-pattern= --limit= --bucket= --prefix= --key= --queue-url= --queue-name-prefix= --role-name= --user-name= --group-name= --policy-arn= --db-instance-identifier= --cluster-name= --clusters --repository-name= --image-ids --hosted-zone-id= --namespace= --metric-name= --dimensions --statistics --period= --since= --follow --format= --vpc-ids --subnet-ids --group-ids --volume-ids --snapshot-ids --image-id= --key-names --topic-arn= --secret-id= --recursive --human-readable --summarize --time-period --granularity= --metrics --nodegroup-name= --stack-status-filter --max-results= --load-balancer-arns --target-group-arn= --alarm-names --state-machine-arn= --execution-arn= --rest-api-id= --distribution-id= --id= --parameter-filters --path= --version-id= --show-details';

/** Verbs of AWS that read, service by service; `get` only where it neither writes a file nor hands out secrets. */
const AWS_GETS =
  'sts get-caller-identity,iam get-user,iam get-role,iam get-policy,iam get-policy-version,iam get-group,iam get-account-summary,lambda get-function-configuration,lambda get-policy,s3api get-bucket-location,s3api get-bucket-policy,s3api get-bucket-versioning,s3api get-bucket-tagging,s3api get-bucket-acl,s3api get-bucket-encryption,s3api get-bucket-lifecycle-configuration,s3api head-object,s3api head-bucket,cloudwatch get-metric-statistics,logs filter-log-events,logs get-log-events,logs tail,ce get-cost-and-usage,sqs get-queue-attributes,sqs get-queue-url,sns get-topic-attributes,apigateway get-rest-apis,apigateway get-resources,cloudformation get-template,cloudfront get-distribution,route53 get-hosted-zone,dynamodb scan,dynamodb query,dynamodb get-item,configure list,configure list-profiles,s3 ls';

const GCLOUD =
  '--project= --format= --filter= --limit= --zone= --zones= --region= --regions= --sort-by= --page-size= --uri --account= --configuration= --quiet -q --freshness= --order= --cluster= --location= --instance= --all --show-deleted --verbosity=';
const GCLOUD_GROUPS =
  'compute instances,compute disks,compute images,compute networks,compute firewall-rules,compute addresses,compute zones,compute regions,compute machine-types,compute snapshots,compute instance-groups,compute forwarding-rules,compute backend-services,compute ssl-certificates,container clusters,container node-pools,container images,projects,services,functions,run services,run revisions,run jobs,sql instances,sql databases,iam roles,iam service-accounts,pubsub topics,pubsub subscriptions,storage buckets,app services,app versions,dns managed-zones,dns record-sets,artifacts repositories,builds,components,config configurations,secrets,organizations,logging sinks,logging logs,monitoring dashboards,redis instances,bigtable instances,spanner instances,deploy releases,scheduler jobs,tasks queues';

const AZ =
  '-o: -g: -n: -l: -s: --output= --resource-group= --name= --query= --subscription= --location= --all --show-details -d --only-show-errors --namespace= --vault-name= --account-name= --server= --top= --vm-name= --vnet-name=';
const AZ_GROUPS =
  'account,group,vm,vmss,disk,aks,acr,webapp,functionapp,appservice plan,storage account,network vnet,network nsg,network public-ip,network lb,network nic,sql server,sql db,postgres server,cosmosdb,keyvault,resource,role assignment,role definition,ad user,ad group,ad app,container,monitor metrics,monitor activity-log,deployment group,identity,cdn profile,redis,servicebus namespace,eventhubs namespace,repos,pipelines,boards,devops project,extension,image,snapshot';

const HELM =
  '-n: -A -a -o: -q -l -r -f: -m: --namespace= --all-namespaces --all --output= --short --filter= --max= --revision= --version= --versions --devel --deployed --failed --pending --uninstalled --kube-context= --date --show-desc --show-resources';
const TERRAFORM = '-json -no-color -raw';

export const CLOUDS: Readonly<Record<string, Spec>> = {
  aws: {
    does: 'looks at AWS',
    flags: '--version --profile= --region= --output= --query= --no-cli-pager --color=',
    sub: {
      ...verbs('looks at AWS', AWS, AWS_GETS.split(','), { check: awsCheck }),
    },
    verb: {
      shape: /^[a-z0-9-]+ (?:describe|list)(?:-[a-z0-9-]+)?$/,
      spec: { does: 'looks at AWS', operands: 'text', flags: AWS, check: awsCheck },
    },
  },
  gcloud: {
    does: 'looks at Google Cloud',
    flags: '--version -v --project= --format= --quiet -q --account=',
    sub: {
      ...verbs(
        'looks at Google Cloud',
        GCLOUD,
        GCLOUD_GROUPS.split(',').flatMap((group) => [`${group} list`, `${group} describe`]),
      ),
      ...verbs('looks at Google Cloud', GCLOUD, [
        'version',
        'info',
        'config list',
        'config get-value',
        'config get',
        'auth list',
        'logging read',
        'projects get-iam-policy',
      ]),
    },
  },
  az: {
    does: 'looks at Azure',
    flags: '--version -v --output= -o:',
    sub: {
      ...verbs(
        'looks at Azure',
        AZ,
        AZ_GROUPS.split(',').flatMap((group) => [`${group} list`, `${group} show`]),
      ),
      ...verbs('looks at Azure', AZ, [
        'version',
        'account list-locations',
        'vm list-sizes',
        'vm get-instance-view',
        'vm list-ip-addresses',
        'aks get-upgrades',
        'aks get-versions',
        'webapp list-runtimes',
      ]),
    },
  },
  gsutil: {
    does: 'looks at stored files',
    flags: '-m -q',
    sub: verbs('looks at stored files', '-l -h -r -R -a -L -s -c -d -b', ['ls', 'du', 'stat', 'version', 'hash']),
  },
  bq: {
    does: 'looks at tables',
    flags: '--format= --project_id=',
    sub: verbs('looks at tables', '--format= --max_results= --schema -a -j -n:', ['ls', 'show', 'head', 'version']),
  },
  helm: {
    does: 'looks at installations',
    flags: '-n: --namespace= --kube-context=',
    sub: verbs(
      'looks at installations',
      HELM,
      [
        ...[
          'list',
          'ls',
          'status',
          'history',
          'get all',
          'get manifest',
          'get values',
          'get notes',
          'get hooks',
          'get metadata',
          'repo list',
          'repo ls',
        ],
        ...[
          'search repo',
          'search hub',
          'show chart',
          'show values',
          'show readme',
          'show all',
          'show crds',
          'version',
          'env',
          'dependency list',
          'dep list',
          'plugin list',
        ],
      ],
      { check: noAddress },
    ),
  },
  terraform: terraform(),
  tofu: terraform(),
  pulumi: {
    does: 'looks at infrastructure',
    flags: '--version',
    sub: verbs('looks at infrastructure', '--json -s: --stack= -a --all', ['version', 'whoami', 'stack ls', 'plugin ls', 'about']),
  },
  'ansible-doc': { does: 'shows a manual page', operands: 'text', flags: '-l -s -t:' },
  vagrant: {
    does: 'looks at machines',
    flags: '--version -v',
    sub: verbs('looks at machines', '--prune', ['version', 'box list'], { flags: '-i' }),
  },
  minikube: {
    does: 'looks at a cluster',
    sub: verbs('looks at a cluster', '-p: -o: --profile= --output= --short', [
      'status',
      'version',
      'ip',
      'profile list',
      'addons list',
      'node list',
    ]),
  },
  kind: {
    does: 'looks at clusters',
    flags: '--version',
    sub: verbs('looks at clusters', '--name=', ['version', 'get clusters', 'get nodes']),
  },
  eksctl: {
    does: 'looks at clusters',
    sub: verbs('looks at clusters', '-o: --cluster= --region= --output= --name=', [
      'version',
      'info',
      'get cluster',
      'get clusters',
      'get nodegroup',
    ]),
  },
  doctl: {
    does: 'looks at a cloud',
    sub: verbs('looks at a cloud', '--format= --no-header -o: --output=', [
      ...[
        'version',
        'account get',
        'compute droplet list',
        'compute droplet get',
        'compute image list',
        'compute region list',
        'compute size list',
        'apps list',
        'databases list',
        'kubernetes cluster list',
        'projects list',
      ],
    ]),
  },
  heroku: {
    does: 'looks at apps',
    flags: '--version',
    sub: verbs(
      'looks at apps',
      '-a: -t -n: -r: --app= --tail --num= --json --source= --dyno=',
      [
        'apps',
        'apps:info',
        'info',
        'logs',
        'ps',
        'releases',
        'addons',
        'domains',
        'pipelines',
        'whoami',
        'auth:whoami',
        'status',
        'version',
        'regions',
        'stack',
      ],
      { operands: 'none' },
    ),
  },
  fly: fly(),
  flyctl: fly(),
  vercel: {
    does: 'looks at deployments',
    flags: '--version -v',
    sub: verbs('looks at deployments', '--json', ['ls', 'list', 'whoami', 'inspect', 'projects ls', 'domains ls', 'teams ls', 'alias ls']),
  },
  netlify: { does: 'looks at deployments', flags: '--version', sub: verbs('looks at deployments', '--json', ['status', 'sites:list']) },
  firebase: {
    does: 'looks at projects',
    flags: '--version -V',
    sub: verbs('looks at projects', '--json --project=', ['projects:list', 'apps:list', 'login:list']),
  },
  systemd: { does: 'prints its version', flags: '--version' },
  'systemd-analyze': {
    does: 'shows how the machine started',
    operands: 'text',
    flags: '--no-pager --user',
    check: (call) =>
      call.operands.every((word) => /^(?:time|blame|critical-chain|[\w@.-]+\.(?:service|target))$/.test(word.value))
        ? undefined
        : 'It could write a file.',
  },
};

function terraform(): Spec {
  return {
    does: 'looks at infrastructure',
    flags: '-version --version -v',
    sub: {
      ...verbs('looks at infrastructure', TERRAFORM, ['version', 'state list', 'workspace list', 'workspace show', 'providers', 'output']),
      fmt: {
        does: 'checks how files are formatted',
        operands: 'paths',
        flags: '-check -diff -recursive -no-color -list= -write=',
        check: (call) =>
          call.flags.some((flag) => flag.name === '-check' || (flag.name === '-write' && flag.values[0] === 'false'))
            ? undefined
            : 'It formats files.',
      },
    },
  };
}

function fly(): Spec {
  return {
    does: 'looks at apps',
    flags: '--version',
    sub: verbs('looks at apps', '-a: -j --app= --json --no-tail -n -i: -r:', [
      'version',
      'status',
      'logs',
      'apps list',
      'info',
      'ips list',
      'releases',
      'regions list',
      'volumes list',
      'machine list',
      'machines list',
      'platform regions',
      'checks list',
    ]),
  };
}

/** A value may be read from a file or an address that is named. */
function awsCheck(call: ParsedArgs): string | undefined {
  const values = [...call.flags.flatMap((flag) => flag.values), ...call.operands.map((word) => word.value)];
  const odd = values.find((value) => /^(?:fileb?|https?):\/\//i.test(value));
  return odd ? `It takes ${odd} in.` : undefined;
}

function noAddress(call: ParsedArgs): string | undefined {
  return call.operands.some((word) => word.value.includes('://')) ? 'It goes by an address that is not judged.' : undefined;
}
