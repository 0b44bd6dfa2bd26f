// What the tests ask of foliate-js, from inside the page of its `reader.html`, before which this is loaded.
{
    const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))

    const until = async (true_, milliseconds = 20000) => {
        for (const end = performance.now() + milliseconds; performance.now() < end; await pause(5)) {
            const found = true_()
            if (found) return found
        }
        throw new Error(`Never true: ${true_}`)
    }

    // The sound that foliate-js plays, and who may look at its events before foliate-js does.
    let sound = null, first = () => {}
    globalThis.Audio = class extends Audio {
        constructor(...given) {
            super(...given)
            sound = this
            for (const name of ['timeupdate', 'ended']) this.addEventListener(name, event => first(event))
        }
    }

    const page = () => reader.view.renderer.getContents()[0]

    // Where an element's first line is in the window, as a person sees it: the page is one long strip behind.
    const box = element => {
        const line = [...element.getClientRects()].find(({ width, height }) => width && height)
        if (!line) return null
        const strip = element.ownerDocument.defaultView.frameElement.getBoundingClientRect()
        return [strip.left + line.left, strip.top + line.top, line.width, line.height]
    }

    const look = async ({ text }, at) => {
        const active = reader.view.book.media.activeClass
        const id = text.split('#')[1]
        const element = await until(() => page().doc.querySelector(`#${CSS.escape(id)}.${active}`))
        return {
            text, at,
            alone: page().doc.getElementsByClassName(active).length === 1,
            shown: element.textContent,
            box: box(element),
            background: getComputedStyle(element).backgroundColor,
        }
    }

    // Play the book from its beginning, at up to 16 times its speed, and look at each part while it is lit.
    //
    // A browser may tell of the time (`timeupdate`) up to 66 times a second; Chromium does 4 times. Here it
    // is told more often, and time stands still while a part is looked at. Where the machine was so slow
    // that a whole part went by unseen, the sound goes back to where that part begins.
    const play = async parts => {
        const { view } = reader
        const order = new Map(parts.map(({ text }, i) => [text, i]))
        const lit = [], again = new Map()
        let looking = false, ended = false, last = performance.now()

        const next = () => {
            const i = lit.length ? order.get(lit.at(-1).text) : -1
            return parts[i]?.audio === parts[i + 1]?.audio || i < 0 ? parts[i + 1] : undefined
        }
        const wentBack = () => {
            const part = next(), times = again.get(part) ?? 0
            if (!part || sound.currentTime < part.end || times === 5) return false
            again.set(part, times + 1)
            sound.currentTime = part.begin + 0.001
            if (sound.paused) sound.play()
            return true
        }
        const highlight = async ({ detail }) => {
            last = performance.now()
            // foliate-js tells again of the same part whenever sound sets in.
            if (looking || lit.at(-1)?.text === detail.text) return
            looking = true
            const playing = sound
            playing.playbackRate = 0
            try { lit.push(await look(detail, playing.currentTime)) }
            catch (error) { lit.push({ text: detail.text, error: String(error) }) }
            looking = false
            if (ended && !wentBack()) playing.dispatchEvent(new Event('ended'))
            ended = false
        }
        const tick = () => {
            if (looking || !sound || sound.paused || sound.seeking || wentBack()) return
            const part = next()
            const rate = part ? Math.min(16, Math.max(0.5, (part.end - sound.currentTime) / 0.05)) : 16
            if (Math.abs(rate / sound.playbackRate - 1) > 0.1) sound.playbackRate = rate
            sound.dispatchEvent(new Event('timeupdate'))
        }
        first = event => {
            if (looking && event.type === 'ended') ended = true
            if (looking || sound.seeking || wentBack()) event.stopImmediatePropagation()
        }
        view.mediaOverlay.addEventListener('highlight', highlight)
        const clock = setInterval(tick, 4)
        await view.mediaOverlay.start(0)
        await until(() => !looking && (performance.now() - last > 15000
            || (lit.at(-1)?.text === parts.at(-1).text && sound.ended)), 600000)
        await pause(100)
        clearInterval(clock)
        const left = page().doc.getElementsByClassName(view.book.media.activeClass).length
        view.mediaOverlay.removeEventListener('highlight', highlight)
        view.mediaOverlay.stop()
        return { lit, left }
    }

    // While foliate-js turns a page, and for a while after, it is deaf.
    let turning
    customElements.whenDefined('foliate-paginator').then(({ prototype }) => {
        for (const name of ['next', 'prev']) {
            const turn = prototype[name]
            prototype[name] = function (...given) {
                return turning = turn.apply(this, given)
            }
        }
    })
    const settled = async () => {
        await until(() => globalThis.reader?.view?.lastLocation)
        await turning
    }

    // How far the reader has come: the section's number, and how much of the book is behind.
    const place = () => [reader.view.lastLocation.section.current, reader.view.lastLocation.fraction]

    const go = section => reader.view.goTo(section).then(() => {})

    // What is found, in the order of the pages: the section, and the text there.
    const search = async query => {
        const found = []
        for await (const { subitems = [] } of reader.view.search({ query }))
            for (const { cfi } of subitems) {
                const { index, anchor } = reader.view.resolveCFI(cfi)
                const range = anchor(await reader.view.book.sections[index].createDocument())
                found.push([index, range.toString()])
            }
        return found
    }

    // What is copied of each of these elements, by its id.
    const copied = ids => {
        const { doc } = page()
        const selection = doc.getSelection()
        return ids.map(id => {
            selection.selectAllChildren(doc.getElementById(id))
            return selection.toString()
        })
    }

    // The language of every piece of text on the page, and the direction in which it is set.
    const directions = ({ doc } = page()) => {
        const found = new Set()
        const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
        while (walker.nextNode()) {
            const { parentElement: element, data } = walker.currentNode
            if (data.trim() && !element.closest('bdi, pre, [dir="auto"]'))
                found.add(`${element.closest('[lang]').lang} ${getComputedStyle(element).direction}`)
        }
        return [...found].sort()
    }

    // Show notes and terms beside their references, as Foliate does with its own `FootnoteHandler`.
    const pop = { shown: null }
    const popUp = async () => {
        const { FootnoteHandler } = await import('./footnotes.js')
        const handler = new FootnoteHandler()
        handler.addEventListener('before-render', ({ detail: { view } }) => {
            view.style.cssText = 'position: fixed; inset: 40% 5% 5%; border: solid; background: white; z-index: 9'
            document.body.append(view)
        })
        handler.addEventListener('render', ({ detail }) => pop.shown = detail)
        reader.view.addEventListener('link', event => handler.handle(reader.view.book, event))
    }
    const opens = () => until(() => pop.shown, 4000).then(() => true, () => false)
    const popped = async () => {
        const { view } = await until(() => pop.shown)
        await until(() => view.lastLocation)
        const { doc } = view.renderer.getContents()[0]
        const shown = { text: doc.body.innerText, directions: directions({ doc }), box: box(doc.body) }
        view.remove()
        pop.shown = null
        return shown
    }

    globalThis.test = { until, settled, page, play, place, go, search, copied, directions, popUp, opens, popped }
}
