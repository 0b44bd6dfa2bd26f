// Parse EPUBs as Thorium Reader does, by its own parser: what it knows of BOOK.epub, and what it said of it,
// is left in BOOK.epub.thorium.json.
//
//     node thorium.js BOOK.epub …
'use strict'

const { writeFileSync } = require('node:fs')
const { format } = require('node:util')
const debug = require('debug')

const heard = []
debug.enable('r2:shared#parser/*')
debug.log = (...said) => heard.push(format(...said))

const { initGlobalConverters_GENERIC, initGlobalConverters_SHARED } =
    require('r2-shared-js/dist/es8-es2017/src/init-globals')
const { EpubParsePromise, getAllMediaOverlays } = require('r2-shared-js/dist/es8-es2017/src/parser/epub')
const { TaJsonSerialize } = require('r2-lcp-js/dist/es8-es2017/src/serializable')

const parse = async file => {
    heard.length = 0
    const publication = await EpubParsePromise(file)
    const overlays = await getAllMediaOverlays(publication)
    const found = { manifest: TaJsonSerialize(publication), overlays: overlays.map(node => TaJsonSerialize(node)) }
    publication.freeDestroy()
    return { ...found, said: [...heard] }
}

const main = async files => {
    initGlobalConverters_GENERIC()
    initGlobalConverters_SHARED()
    for (const file of files) writeFileSync(`${file}.thorium.json`, JSON.stringify(await parse(file)))
}

main(process.argv.slice(2)).catch(error => {
    console.error(error)
    process.exitCode = 1
})
