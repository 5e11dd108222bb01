#!/bin/sh
# Makes the secrets that docker-compose.yml names, in ./secrets or in the folder
# that is given. What is there already stays. Run it with sudo: each file belongs
# to the user of the container that reads it, and to nobody else.
set -eu
umask 077

folder=${1:-./secrets}
dialtone=65532:65532 # The user of the image of Dialtone.
mongodb=999:999      # The user of the image of MongoDB.

if [ "$(id -u)" != 0 ]; then
	echo 'run this with sudo: the files belong to the users of the containers' >&2
	exit 1
fi

# make NAME OWNER BYTES: random bytes in base64, on one line.
make() {
	if [ -e "$folder/$1" ]; then
		echo "$folder/$1 is there already"
		return
	fi
	head -c "$3" /dev/urandom | base64 -w 0 >"$folder/.$1"
	chown "$2" "$folder/.$1"
	chmod 0400 "$folder/.$1"
	mv "$folder/.$1" "$folder/$1"
	echo "made $folder/$1"
}

mkdir -p "$folder"
chmod 0711 "$folder"
make secrets.key "$dialtone" 32
make mongodb-keyfile "$mongodb" 741
make mongodb-root-password "$mongodb" 24
make mongodb-dialtone-password "$dialtone" 24
