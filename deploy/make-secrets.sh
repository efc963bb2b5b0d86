#!/bin/sh
# Makes what docker-compose.yml keeps secret: passwords, the URLs that hold them, and an authority with certificates for TLS
# between the containers. What is there already stays. To change one: delete its file, run this again, then
# `docker compose run --rm logins` and `docker compose up -d --force-recreate`; for postgres_password see docs/security.md.
#   deploy/make-secrets.sh [DIRECTORY]        (deploy/secrets)
set -eu
cd "$(dirname "$0")"
directory=${1:-secrets}
# The directory is closed to others; the files are open, because each container reads its own as a user of its own.
mkdir -p -m 0700 "$directory"
cd "$directory"
umask 022

put() { [ -e "$1" ] || cat >"$1"; }
random() { openssl rand -hex 24; }
kept() { [ -e "$1" ] || random >"$1"; cat "$1"; }

owner=$(kept postgres_password)
authenticator=$(kept a2o_authenticator)
worker=$(kept a2o_worker)
ingest=$(kept a2o_ingest)
for name in a2o_metrics session_key metrics_token; do kept "$name" >/dev/null; done
for name in oidc_client_secret aws_config aws_credentials otlp_headers alert_webhook_team_url; do put "$name" </dev/null; done

# As webhooks are signed by the specification of Standard Webhooks.
[ -e alert_webhook_team_secret ] || echo "whsec_$(openssl rand -base64 32)" >alert_webhook_team_secret

tls='sslmode=verify-full&sslrootcert=/run/secrets/ca'
url() { echo "postgresql://$1:$2@$3/aws2openstack?$tls" >"$4"; }
url postgres "$owner" postgres:5432 owner_url
url a2o_authenticator "$authenticator" pgbouncer:6432 authenticator_url
url a2o_authenticator "$authenticator" postgres:5432 listen_url
url a2o_worker "$worker" postgres:5432 worker_url
url a2o_ingest "$ingest" postgres:5432 ingest_url
echo "\"a2o_authenticator\" \"$authenticator\"" >pgbouncer_users

if [ ! -e ca ]; then
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=aws2openstack containers" \
    -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca_key -out ca 2>/dev/null
  chmod 0600 ca_key
fi
for host in postgres pgbouncer; do
  [ -e "${host}_cert" ] && continue
  openssl req -newkey rsa:3072 -nodes -subj "/CN=$host" -keyout "${host}_key" -out "$host.request" 2>/dev/null
  # localhost: for what runs in the container itself.
  printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' "$host" >"$host.extensions"
  openssl x509 -req -in "$host.request" -CA ca -CAkey ca_key -CAcreateserial -days 825 -extfile "$host.extensions" \
    -out "${host}_cert" 2>/dev/null
  chmod 0644 "${host}_key"
  rm "$host.request" "$host.extensions"
done
echo "Secrets are in $(pwd); keep ca_key elsewhere."
