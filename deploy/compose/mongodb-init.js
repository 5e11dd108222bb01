// Makes the replica set rs0 of the one server "mongodb", and the user "dialtone"
// with the role readWrite on the database "dialtone". Run by mongosh with --nodb.
// It may be run again: what is made already stays, the password is set anew.
const fs = require('fs');

const secret = (name) => fs.readFileSync('/run/secrets/' + name, 'utf8').trim();
const address = 'mongodb://root:' + encodeURIComponent(secret('mongodb_root_password')) + '@mongodb:27017/admin?directConnection=true';

const notYetInitialized = 94;

function connected() {
  for (let attempt = 1; ; attempt++) {
    try {
      return connect(address);
    } catch (e) {
      if (attempt === 30) {
        throw e;
      }
      sleep(1000);
    }
  }
}

function makeReplicaSet(admin) {
  try {
    admin.adminCommand({ replSetGetStatus: 1 });
    return;
  } catch (e) {
    if (e.code !== notYetInitialized) {
      throw e;
    }
  }
  admin.adminCommand({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] } });
}

function waitForPrimary(admin) {
  for (let attempt = 1; !admin.adminCommand({ hello: 1 }).isWritablePrimary; attempt++) {
    if (attempt === 60) {
      throw new Error('the replica set has no primary after a minute');
    }
    sleep(1000);
  }
}

function makeUser(database) {
  const user = { pwd: secret('mongodb_dialtone_password'), roles: [{ role: 'readWrite', db: 'dialtone' }] };
  if (database.getUser('dialtone') === null) {
    database.createUser({ user: 'dialtone', ...user });
  } else {
    database.updateUser('dialtone', user);
  }
}

const admin = connected();
makeReplicaSet(admin);
waitForPrimary(admin);
makeUser(admin.getSiblingDB('dialtone'));
print('the replica set rs0 and the user dialtone are ready');
