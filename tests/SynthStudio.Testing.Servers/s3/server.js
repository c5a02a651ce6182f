'use strict';

// The object store of the tests: node server.js FOLDER PORT BUCKET
//
// s3rver answers a PUT while bytes are still on their way to the file, and writes over what was there: killed at that moment it loses what it has
// acknowledged, and with half of an object's metadata it can list its bucket no more. S3 has an object whole or not at all, and keeps what it
// acknowledged; with these functions in their place so does this one.

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const { pipeline } = require('stream/promises');
const S3rver = require('s3rver');
const FilesystemStore = require('s3rver/lib/stores/filesystem');
const S3Object = require('s3rver/lib/models/object');

const [folder, port, bucket] = process.argv.slice(2);
const objects = path.join(folder, 'objects');
const incoming = path.join(folder, 'incoming');
for (const needed of [objects, incoming]) fs.mkdirSync(needed, { recursive: true });

/** Writes content to a file of its own and, once all of it is there, puts that in the place of another one. */
async function replace(file, content, beforeIt) {
  const fresh = path.join(incoming, crypto.randomUUID());
  const hash = crypto.createHash('md5');
  let size = 0;
  async function* counted(chunks) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }

  await pipeline(Buffer.isBuffer(content) ? [content] : content, counted, fs.createWriteStream(fresh));
  const md5 = hash.digest('hex');
  await fs.promises.mkdir(path.dirname(file), { recursive: true });
  await beforeIt(md5);
  await fs.promises.rename(fresh, file);
  return { size, md5 };
}

/** Writes a small file, whole or not at all. */
async function write(file, text) {
  const fresh = path.join(incoming, crypto.randomUUID());
  await fs.promises.writeFile(fresh, text);
  await fs.promises.rename(fresh, file);
}

FilesystemStore.prototype.putMetadata = async function (bucketName, key, metadata, md5) {
  const kept = Object.entries(metadata).filter(([name]) => S3Object.ALLOWED_METADATA.includes(name) || name.startsWith('x-amz-meta-'));
  if (md5) await write(this.getResourcePath(bucketName, key, 'object.md5'), md5);
  await write(this.getResourcePath(bucketName, key, 'metadata.json'), JSON.stringify(Object.fromEntries(kept)));
};

FilesystemStore.prototype.initiateUpload = async function (bucketName, key, uploadId, metadata) {
  const begun = path.join(incoming, uploadId);
  await fs.promises.mkdir(begun);
  await fs.promises.writeFile(path.join(begun, 'key'), key);
  await fs.promises.writeFile(path.join(begun, 'metadata'), JSON.stringify(metadata));
  const uploads = this.getResourcePath(bucketName, undefined, 'uploads');
  await fs.promises.mkdir(uploads, { recursive: true });
  await fs.promises.rename(begun, path.join(uploads, uploadId));
};

FilesystemStore.prototype.putObject = function (object) {
  const file = this.getResourcePath(object.bucket, object.key, 'object');
  return replace(file, object.content, md5 => this.putMetadata(object.bucket, object.key, object.metadata, md5));
};

FilesystemStore.prototype.putPart = function (bucketName, uploadId, partNumber, content) {
  const file = path.join(this.getResourcePath(bucketName, undefined, 'uploads'), uploadId, `${partNumber}`);
  return replace(file, content, md5 => write(`${file}.md5`, md5));
};

/** What S3 has and s3rver lacks: a policy that refuses what is not to be encrypted, under keys that begin with "only-encrypted/"; lists of open uploads, and their end. */
async function more(ctx, next) {
  const [, name, ...rest] = ctx.path.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const { uploads, uploadId, prefix = '' } = ctx.query;
  const begins = (ctx.method === 'PUT' && uploadId === undefined) || (ctx.method === 'POST' && uploads !== undefined);
  if (begins && key.startsWith('only-encrypted/') && !ctx.get('x-amz-server-side-encryption')) {
    return answer(ctx, 403, '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
  }

  const folder = path.join(objects, name, '._S3rver_uploads');
  if (ctx.method === 'GET' && key === '' && uploads !== undefined) {
    const open = [];
    for (const id of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
      const file = path.join(folder, id, 'key');
      if (!fs.existsSync(file)) continue; // It was being removed when the server was killed.
      const of = fs.readFileSync(file, 'utf8');
      if (of.startsWith(prefix)) open.push(`<Upload><Key>${of}</Key><UploadId>${id}</UploadId><Initiated>${fs.statSync(file).mtime.toISOString()}</Initiated></Upload>`);
    }

    return answer(ctx, 200, `<ListMultipartUploadsResult><Bucket>${name}</Bucket><IsTruncated>false</IsTruncated>${open.join('')}</ListMultipartUploadsResult>`);
  }

  if (ctx.method === 'DELETE' && key !== '' && uploadId !== undefined) {
    const upload = path.join(folder, path.basename(uploadId));
    if (!fs.existsSync(upload)) return answer(ctx, 404, '<Error><Code>NoSuchUpload</Code><Message>There is no such upload.</Message></Error>');
    fs.rmSync(upload, { recursive: true });
    ctx.status = 204;
    return;
  }

  await next();
}

function answer(ctx, status, body) {
  ctx.status = status;
  ctx.type = 'application/xml';
  ctx.body = `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

const server = new S3rver({ address: '127.0.0.1', port: Number(port), directory: objects, silent: true, configureBuckets: [{ name: bucket }] });
server.middleware.unshift(more);
server.run();
