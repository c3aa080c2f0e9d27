// PouchDB's side: `node pouch.js INSTALLATION serve FOLDER PORT`, or `… drive FOLDER URL` with commands on standard
// input, each answered by one line of JSON.
'use strict'
const [installation, mode, folder, where] = process.argv.slice(2)
const load = require('module').createRequire(installation + '/')
const fs = require('fs')
const readline = require('readline')
const PouchDB = load('pouchdb')
const BATCH = 1000 // its default of 100 needs ten times the requests; this is PouchDB at its best

if (mode === 'serve') {
  const server = load('express')()
  const settings = { mode: 'minimumForPouchDB', logPath: folder + '/pouch.log', configPath: folder + '/config.json' }
  server.use('/', load('express-pouchdb')(PouchDB.defaults({ prefix: folder + '/' }), settings))
  server.listen(Number(where), '127.0.0.1')
} else {
  drive()
}

function now () { return Number(process.hrtime.bigint()) / 1e9 }

async function push (local, name) {
  const began = now()
  try {
    const done = await PouchDB.replicate(local, new PouchDB(`${where}/${name}`), { batch_size: BATCH })
    const failed = done.ok && !done.doc_write_failures ? '' : JSON.stringify(done.errors)
    return { seconds: now() - began, written: done.docs_written, failed }
  } catch (problem) {
    return { seconds: now() - began, written: 0, failed: String(problem.message || problem) }
  }
}

async function copyAndWrite (station) {
  await station.local.close()
  fs.cpSync(folder + '/one', folder + '/two', { recursive: true })
  const said = []
  for (const name of ['one', 'two', 'one']) {
    const copy = new PouchDB(folder + '/' + name)
    if (said.length < 2) await copy.put({ _id: 'B 9900000001', issued: name })
    const done = await push(copy, 'entries')
    said.push(`ok, ${done.written} written`)
    await copy.close()
  }
  const remote = new PouchDB(where + '/entries')
  const shown = await remote.get('B 9900000001', { conflicts: true })
  return { said, held: [shown.issued], hidden: (shown._conflicts || []).length }
}

const COMMANDS = {
  begin: async () => { await new PouchDB(where + '/entries').info(); await new PouchDB(where + '/pictures').info() },
  add: async (station, { file }) => {
    const lines = fs.readFileSync(file, 'utf8').trim().split('\n')
    for (let at = 0; at < lines.length; at += 1000) {
      await station.local.bulkDocs(lines.slice(at, at + 1000).map(line => {
        const { id, ...content } = JSON.parse(line)
        return { ...content, _id: id }
      }))
    }
  },
  change: async station => {
    const found = await station.local.allDocs({ limit: 6, include_docs: true })
    await station.local.put({ ...found.rows[5].doc, changed: true })
  },
  sync: station => push(station.local, 'entries'),
  attach: async (station, { files }) => {
    for (const [at, file] of files.entries()) {
      const picture = { content_type: 'image/jpeg', data: fs.readFileSync(file) }
      await station.pictures.put({ _id: `picture-${at}`, _attachments: { 'photo.jpg': picture } })
    }
  },
  sync_pictures: station => push(station.pictures, 'pictures'),
  copy: copyAndWrite
}

async function drive () {
  const station = { local: new PouchDB(folder + '/one'), pictures: new PouchDB(folder + '/pictures') }
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { do: command, ...named } = JSON.parse(line)
    const answer = await COMMANDS[command](station, named)
    process.stdout.write(JSON.stringify(answer || {}) + '\n')
  }
  process.exit(0)
}
